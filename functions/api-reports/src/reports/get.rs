//! `GET /v1/reports/{id}`: how far a report is, and where its file is.

use std::time::Duration;

use chrono::{DateTime, Utc};
use data::{
    audit::{Event, Subject},
    exports, reports,
};
use domain::{Action, FileName, Finding, ReportId, ReportStatus};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::View;
use crate::Context;

/// Time to click, not to share. Asking again gives another link.
const DOWNLOAD_TIME: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportDetails")]
struct Detailed {
    #[serde(flatten)]
    report: View,
    /// Downloads the file; `null` unless it is ready and the caller may still see what is in it.
    url: Option<String>,
    /// When the link ends.
    expires_at: Option<DateTime<Utc>>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("reports-get", "GET /v1/reports/{id}", "Shows how far a report is and, in the end, where its file is")
        .details("A file is kept for thirty days. `rights_changed`: the caller may see something else now than when it was made.")
        .needs(&[Permission::ReportsRead])
        .ok::<Detailed>()
}

/// Shows a report that was made for the caller.
///
/// # Errors
/// 404 for an id that does not exist here, or is of somebody else's report.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsRead)?;
        let id: ReportId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let report = reports::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let sight = exports::sight(&mut tenant).await?;
        // Rights may have changed since the file was made: then it shows what its reader may not see any more.
        let needs = report.kind.0.needs(&report.scope);
        let withheld = sight.lacks_any(needs).is_some() || report.sight.as_ref() != Some(&sight.mark);
        let name = FileName::lossy(&report.file_name());
        let key = reports::object_key(principal.org_id, id, report.format.0);
        let mut report = View::from(report);
        if report.status != ReportStatus::Ready {
            return Reply::ok(&Detailed { report, url: None, expires_at: None });
        }
        if withheld {
            report.error = Some(rights_changed());
            return Reply::ok(&Detailed { report, url: None, expires_at: None });
        }
        let link = ctx.files.presign_get(&key, &name, DOWNLOAD_TIME).await?;
        let event = Event::new(Action::ReportDownloaded).about(Subject::new("report", id));
        request.record(&mut tenant, event.with("kind", report.kind.as_str()));
        tenant.commit().await?;
        Reply::ok(&Detailed { report, url: Some(link.url), expires_at: Some(link.expires_at) })
    })
}

fn rights_changed() -> Finding {
    Finding {
        code: "rights_changed".to_owned(),
        message: "Your rights have changed since this report was made: ask for it again.".to_owned(),
    }
}
