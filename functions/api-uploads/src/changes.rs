//! GET /v1/uploads/{id}/changes

mod view;

use data::{
    changes::{self, Filter, Kind},
    uploads,
};
use domain::{Period, UploadId, UploadStatus};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use self::view::View;
use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    kind: Option<Kind>,
    /// A month, a day or two ends: periods that share a day with it are meant.
    period: Option<String>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-changes",
        "GET /v1/uploads/{id}/changes",
        "Lists line by line what an upload changed",
    )
    .details("Of an upload that was undone it lists what it had changed.")
    .needs(&[Permission::UploadsRead])
    .query::<Query>()
    .refuses(409, "not_booked", "The upload has changed nothing, and detail says why.")
    .ok::<View>()
}

/// Lists what an upload changed, line by line: what it states against what counted for the same periods when it came. Of an
/// upload that was undone it lists what it had changed.
///
/// # Errors
/// 404 for an id that does not exist here, 409 for an upload that was never booked, 400 for a parameter at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsRead)?;
        let id: UploadId = request.path("id")?;
        let Query { kind, period, limit, cursor } = request.query()?;
        let filter = Filter { kind, period: period.as_deref().map(period_of).transpose()? };
        let after: Option<i64> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.db.tenant(&principal).await?;
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if !matches!(upload.status, UploadStatus::Completed | UploadStatus::Undone) {
            return Err(not_booked(upload.status));
        }
        let totals = changes::totals(&mut tenant, id, filter).await?;
        let lines = changes::list(&mut tenant, id, filter, limit.probe(), after).await?;
        Reply::ok(&View::new(&upload, totals, Page::new(lines, limit, |line| line.place)))
    })
}

fn not_booked(status: UploadStatus) -> ApiError {
    let why = match status {
        UploadStatus::NeedsReview => {
            "It waits for a decision, and nothing of it is stored before; `changes` of the upload counts what it would change."
        }
        UploadStatus::Duplicate => {
            "The same bytes were taken before; see the upload that brought them first."
        }
        UploadStatus::Pending | UploadStatus::Processing => "It has not been read yet.",
        _ => "It was not taken.",
    };
    ApiError::conflict("not_booked", format!("This upload has changed nothing. {why}"))
}

fn period_of(text: &str) -> Result<Period, ApiError> {
    text.parse().map_err(|_| {
        let message =
            "A period is a month (2026-01), a day (2026-01-31) or its two ends (2026-01-04..2026-01-10).";
        ApiError::invalid_query(FieldError::new("period", "invalid", message))
    })
}
