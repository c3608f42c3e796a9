//! From the rows that somebody may see to an object in the bucket.

use std::time::{Duration, Instant};

use data::{
    Caller, Copying, Tenant,
    exports::{self, Export, Sight},
};
use domain::{ExportId, Finding, OrgId};

use crate::{Context, file::File};

/// How often progress is written down.
const TOLD_EVERY: Duration = Duration::from_secs(2);

/// A file that lies in the bucket.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) rows: i64,
    pub(crate) size_bytes: i64,
    /// What its owner might see when it was made.
    pub(crate) sight: String,
}

/// Why there is no file.
#[derive(Debug)]
pub(crate) enum Fault {
    /// And there will be none: for whoever asked.
    Ends(Finding),
    /// Another try may succeed.
    Later(anyhow::Error),
}

impl From<columnar::Error> for Fault {
    fn from(error: columnar::Error) -> Self {
        match &error {
            columnar::Error::Value { .. } => {
                Self::ends("value_not_exportable", format!("{error}: use another format."))
            }
            columnar::Error::Parquet(_) => Self::Later(error.into()),
        }
    }
}

macro_rules! later {
    ($($error:ty),+) => {
        $(impl From<$error> for Fault {
            fn from(error: $error) -> Self {
                Self::Later(error.into())
            }
        })+
    };
}

later!(data::Error, cloud::Error, reporting::Error);

impl Fault {
    fn ends(code: &str, message: impl Into<String>) -> Self {
        Self::Ends(Finding { code: code.to_owned(), message: message.into() })
    }
}

/// Whoever asked, as the database knows it.
pub(crate) fn caller(org: OrgId, export: &Export) -> Caller {
    Caller { org, subject: export.requested_by }
}

/// Makes the file from what `reading`, a transaction of whoever asked, may see.
pub(crate) async fn make(ctx: &Context, reading: &mut Copying, export: &Export) -> Result<Made, Fault> {
    let (org, id) = (reading.org(), ExportId(export.id));
    let sight = seen(reading, export).await?;
    let total = exports::count(reading, &export.selection).await?;
    tell(ctx, org, id, (0, total)).await?;

    let mut object = ctx.files.begin(&exports::object_key(org, id));
    let mut rows = exports::open(reading, &export.selection, sight.shows_costs(), None).await?;
    let mut file = File::new(export.format.0, export.number_style.0, rows.columns())?;
    let (mut done, mut told) = (0, Instant::now());
    while let Some(block) = rows.next().await? {
        done += i64::try_from(block.rows()).unwrap_or_default();
        file.write(block)?;
        file.send_part(&mut object).await?;
        if told.elapsed() > TOLD_EVERY {
            told = Instant::now();
            // Rows that were booked since they were counted are among them.
            tell(ctx, org, id, (done, total.max(done))).await?;
        }
    }
    drop(rows);
    // The rights that its rows were chosen under are those that hold now.
    if seen(reading, export).await? != sight {
        return Err(Fault::Later(anyhow::anyhow!("rights changed while the rows were read")));
    }
    file.send_rest(&mut object).await?;
    let size_bytes = i64::try_from(object.finish().await?).unwrap_or(i64::MAX);
    Ok(Made { rows: done, size_bytes, sight: sight.mark })
}

/// What whoever asked may see now, if that is still what was asked for.
async fn seen(reading: &mut Tenant, export: &Export) -> Result<Sight, Fault> {
    let sight = exports::sight(reading).await?;
    match sight.lacks(&export.selection) {
        None => Ok(sight),
        Some(permission) => Err(Fault::ends(
            "forbidden",
            format!(
                "The permission {permission}, which this needs, was taken away before the file was made."
            ),
        )),
    }
}

/// Writes progress down in a transaction of its own: everybody is to see it now.
async fn tell(ctx: &Context, org: OrgId, id: ExportId, (done, total): (i64, i64)) -> Result<(), Fault> {
    let mut tenant = ctx.database.system(org).await?;
    exports::progress(&mut tenant, id, done, Some(total)).await?;
    tenant.commit().await?;
    Ok(())
}
