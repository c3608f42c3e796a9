//! From the rows that somebody may see to an object in the bucket.

use std::io::Read as _;

use data::{
    Caller, Copying, Tenant, data_versions,
    exports::{self, Selection, Sight},
    reports::{self, Made, Report},
};
use domain::{
    Finding, NumberStyle, OrgId, ReportFormat, ReportId, ReportKind,
    metrics::{Analysis, Dimension, Metric},
};
use reporting::TableWriter;

use crate::Context;

/// Why there is no file.
#[derive(Debug)]
pub(crate) enum Fault {
    /// And there will be none: for whoever asked.
    Ends(Finding),
    /// Another try may succeed.
    Later(anyhow::Error),
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

later!(data::Error, cloud::Error, reporting::Error, std::io::Error);

impl Fault {
    fn ends(code: &str, message: impl Into<String>) -> Self {
        Self::Ends(Finding { code: code.to_owned(), message: message.into() })
    }
}

/// Whose rights choose the rows, as the database knows it.
pub(crate) fn subject(org: OrgId, report: &Report) -> Caller {
    Caller { org, subject: report.on_behalf_of }
}

/// Makes the file from what `reading`, a transaction of its subject, may see.
pub(crate) async fn make(ctx: &Context, reading: &mut Copying, report: &Report) -> Result<Made, Fault> {
    let (org, id) = (reading.org(), ReportId(report.id));
    let sight = seen(reading, report).await?;
    // Before the rows are read: a change while they are is one that the report may not have.
    let data_version = data_versions::of(&ctx.database, org).await?;
    let selection = selection(report);
    tell(ctx, org, id, 10).await?;
    let mut rows = exports::open(reading, &selection, sight.shows_costs(), None).await?;
    let mut table = match report.format.0 {
        ReportFormat::Csv => TableWriter::csv(rows.columns(), number_style(report)),
        ReportFormat::Xlsx => TableWriter::xlsx(rows.columns())?,
        ReportFormat::Pdf => return Err(Fault::ends("format_not_available", "There is no PDF of this yet.")),
    };
    while let Some(block) = rows.next().await? {
        table.write(block)?;
    }
    drop(rows);
    // The rights that its rows were chosen under are those that hold now.
    if seen(reading, report).await? != sight {
        return Err(Fault::Later(anyhow::anyhow!("rights changed while the rows were read")));
    }
    let mut bytes = Vec::new();
    table.finish()?.read_to_end(&mut bytes)?;
    let size_bytes = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    ctx.files.put(&reports::object_key(org, id, report.format.0), bytes).await?;
    Ok(Made { size_bytes, sight: sight.mark, figures: serde_json::json!({}), data_version })
}

/// The one table that stands for a report.
fn selection(report: &Report) -> Selection {
    let days = report.days();
    let mut analysis = match (report.kind.0, &report.scope.analysis) {
        (ReportKind::Custom, Some(asked)) => (**asked).clone(),
        _ => Analysis { by: vec![Dimension::Vendor], ..Analysis::of(&[Metric::RevenueEur, Metric::Units]) },
    };
    analysis.from = Some(days.from);
    analysis.to = Some(days.to);
    analysis.filters.clone_from(&report.scope.filters);
    Selection::Analysis(analysis)
}

fn number_style(report: &Report) -> NumberStyle {
    report.locale.0.as_str().parse().unwrap_or(NumberStyle::Point)
}

/// What its subject may see now, if that is still enough.
async fn seen(reading: &mut Tenant, report: &Report) -> Result<Sight, Fault> {
    let sight = exports::sight(reading).await?;
    match sight.lacks_any(report.kind.0.needs(&report.scope)) {
        None => Ok(sight),
        Some(permission) => {
            let message = format!("The permission {permission}, which this needs, is missing.");
            Err(Fault::ends("forbidden", message))
        }
    }
}

/// Writes progress down in a transaction of its own: everybody is to see it now.
async fn tell(ctx: &Context, org: OrgId, id: ReportId, percent: i16) -> Result<(), Fault> {
    let mut tenant = ctx.database.system(org).await?;
    reports::tell(&mut tenant, id, percent).await?;
    tenant.commit().await?;
    Ok(())
}
