//! From the rows that somebody may see to an object in the bucket.

use std::{fs::File, io::Read as _};

use data::{
    Caller, Copying, Tenant, data_versions,
    exports::{self, Sight},
    organizations,
    reports::{self, Made, Report},
    vendors,
};
use domain::{Finding, OrgId, ReportFormat, ReportId, ReportKind, ReportLocale};
use reporting::{
    Finished, ReportWriter,
    document::{Branding, Head, Locale},
};

use crate::{
    Context,
    kinds::{self, Content, Scope},
};

/// A file that lies in the bucket.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) made: Made,
    /// What its readers should know before they open it.
    pub(crate) note: Option<String>,
}

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
    pub(crate) fn ends(code: &str, message: impl Into<String>) -> Self {
        Self::Ends(Finding { code: code.to_owned(), message: message.into() })
    }
}

/// Whose rights choose the rows, as the database knows it.
pub(crate) fn subject(org: OrgId, report: &Report) -> Caller {
    Caller { org, subject: report.on_behalf_of }
}

/// Makes the file from what `reading`, a transaction of its subject, may see.
pub(crate) async fn make(ctx: &Context, reading: &mut Copying, report: &Report) -> Result<Ready, Fault> {
    let (org, id) = (reading.org(), ReportId(report.id));
    let sight = seen(reading, report).await?;
    // Before the rows are read: a change while they are is one that the report may not have.
    let data_version = data_versions::of(&ctx.database, org).await?;
    tell(ctx, org, id, 5).await?;
    let scope = scope(reading, report, &sight).await?;
    let content = kinds::content(reading, report.kind.0, &scope).await?;
    let note = content.empty.clone();
    let figures = reports::figures(reading, scope.span, &scope.filters).await?;
    tell(ctx, org, id, 50).await?;
    let finished = write(reading, report, &scope, content).await?;
    tell(ctx, org, id, 90).await?;
    // The rights that its rows were chosen under are those that hold now.
    if seen(reading, report).await? != sight {
        return Err(Fault::Later(anyhow::anyhow!("rights changed while the rows were read")));
    }
    for warning in &finished.warnings {
        tracing::warn!(report.id = %id, warning.code = warning.code, warning.message, "report made with less");
    }
    let size_bytes = i64::try_from(finished.size_bytes).unwrap_or(i64::MAX);
    store(ctx, &reports::object_key(org, id, report.format.0), finished.file).await?;
    Ok(Ready { made: Made { size_bytes, sight: sight.mark, figures, data_version }, note })
}

/// Lays the file on the disk.
async fn write(
    reading: &mut Tenant,
    report: &Report,
    scope: &Scope,
    content: Content,
) -> Result<Finished, Fault> {
    let Content { subtitle, facts, empty, sections } = content;
    let head = Head { subtitle, facts, empty, ..head(reading, report, scope).await? };
    let format = report.format.0;
    let mut writer = match format {
        ReportFormat::Pdf => ReportWriter::pdf(head)?,
        ReportFormat::Xlsx => ReportWriter::xlsx(head)?,
        ReportFormat::Csv => ReportWriter::csv(head)?,
    };
    let is_list = report.kind.0 == ReportKind::Transactions;
    // A list as CSV is a table and nothing else: programs read it.
    if !(is_list && format == ReportFormat::Csv) {
        for (section, blocks) in &sections {
            writer.section(section)?;
            blocks.iter().try_for_each(|block| writer.block(block))?;
        }
    }
    if is_list {
        kinds::write_transactions(reading, scope, &mut writer).await?;
    }
    Ok(writer.finish()?)
}

/// What the cover says, whatever the kind.
async fn head(reading: &mut Tenant, report: &Report, scope: &Scope) -> Result<Head, Fault> {
    let settings = organizations::settings(reading).await?;
    let settings = settings.ok_or_else(|| Fault::Later(anyhow::anyhow!("the organisation is gone")))?;
    let made_at = report.created_at;
    let mut head =
        Head::new(report.kind.0.title(), &kinds::in_words(scope.span, scope.locale), &settings.name, made_at);
    head.locale = scope.locale;
    head.branding = Branding {
        name: settings.brand_name,
        colour: settings.brand_colour.and_then(|colour| colour.parse().ok()),
        logo: if settings.has_logo { organizations::logo(reading).await? } else { None },
    };
    head.corrected = report.corrected_of.map(|_| {
        "Figures of an earlier report have changed since it was delivered: this one replaces it.".to_owned()
    });
    Ok(head)
}

/// What a report is about, and what it is compared with.
async fn scope(reading: &mut Tenant, report: &Report, sight: &Sight) -> Result<Scope, Fault> {
    let span = report.days();
    let (Some(before), Some(last_year)) = (span.before(), span.year_before()) else {
        return Err(Fault::ends("dates_out_of_range", "There is no time before the days of this report."));
    };
    Ok(Scope {
        span,
        before,
        last_year,
        filters: report.scope.filters.clone(),
        analysis: report.scope.analysis.as_deref().cloned(),
        upload: report.scope.upload_id,
        locale: locale(report),
        vendors: vendors::names(reading).await?,
        shows_costs: sight.shows_costs(),
    })
}

/// How the report writes numbers and days.
pub(crate) fn locale(report: &Report) -> Locale {
    match report.locale.0 {
        ReportLocale::English => Locale::English,
        ReportLocale::German => Locale::German,
        ReportLocale::French => Locale::French,
        ReportLocale::Spanish => Locale::Spanish,
        ReportLocale::Polish => Locale::Polish,
    }
}

/// What leaves at once.
const PART_BYTES: u64 = 8 << 20;

/// Sends the file to the bucket, a part at a time.
async fn store(ctx: &Context, key: &str, file: File) -> Result<(), Fault> {
    let mut object = ctx.files.begin(key);
    let mut rest = file.take(0);
    loop {
        rest.set_limit(PART_BYTES);
        let mut part = Vec::new();
        rest.read_to_end(&mut part)?;
        if part.is_empty() {
            object.finish().await?;
            return Ok(());
        }
        object.add(part).await?;
    }
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
