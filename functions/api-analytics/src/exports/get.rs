//! `GET /v1/exports/{id}`: how far an export is, and where its file is.

use std::time::Duration;

use chrono::{DateTime, Utc};
use data::{
    audit::{Event, Subject},
    exports,
};
use domain::{Action, ExportId, ExportStatus, FileName, Finding};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, View};

/// Time to click, not to share. Asking again gives another link.
const DOWNLOAD_TIME: Duration = Duration::from_secs(15 * 60);

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExportDetails")]
struct Detailed {
    #[serde(flatten)]
    export: View,
    /// Downloads the file; `null` unless it is ready and the caller may still see what is in it.
    url: Option<String>,
    /// When the link ends.
    expires_at: Option<DateTime<Utc>>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("exports-get", "GET /v1/exports/{id}", "Shows how far an export is and, in the end, where its file is")
        .details("A file is kept for a week. `rights_changed`: the caller may see something else now than when it was made.")
        .ok::<Detailed>()
}

/// Shows an export of the caller's.
///
/// # Errors
/// 404 for an id that does not exist here, or is of somebody else's export.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.principal()?;
        let id: ExportId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let export = exports::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let sight = exports::sight(&mut tenant).await?;
        // Rights may have changed since the file was made: then it shows what its owner may not see any more.
        let withheld = sight.lacks(&export.selection).is_some() || export.sight.as_ref() != Some(&sight.mark);
        let name = FileName::lossy(&format!("{}.{}", export.selection.file_stem(), export.format.0.as_str()));
        let key = exports::object_key(principal.org_id, id);
        let mut export = View::from(export);
        if export.status != ExportStatus::Ready {
            return Reply::ok(&Detailed { export, url: None, expires_at: None });
        }
        if withheld {
            export.error = Some(rights_changed());
            return Reply::ok(&Detailed { export, url: None, expires_at: None });
        }
        let link = ctx.files.presign_get(&key, &name, DOWNLOAD_TIME).await?;
        let event = Event::new(Action::ExportDownloaded).about(Subject::new("export", id));
        request.record(&mut tenant, event.with("of", export.source.as_str()).with("rows", export.rows));
        tenant.commit().await?;
        Reply::ok(&Detailed { export, url: Some(link.url), expires_at: Some(link.expires_at) })
    })
}

fn rights_changed() -> Finding {
    Finding {
        code: "rights_changed".to_owned(),
        message: "Your rights have changed since this file was made: export it again.".to_owned(),
    }
}
