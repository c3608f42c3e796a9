//! `POST /v1/late-files/{id}/dismiss`

use data::{Caller, late_files};
use domain::{Action, LateFileId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, waiting};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "late-files-dismiss",
        "POST /v1/late-files/{id}/dismiss",
        "Decides that no reminder is sent for a late file",
    )
    .details("The file is late all the same, until it comes.")
    .needs(&[Permission::UploadsWrite])
    .if_match()
    .refuses(409, "reminder_decided", "The reminder does not wait any more.")
    .ok::<View>()
}

/// # Errors
/// 404, 409 `reminder_decided`, 428 and 412 by `If-Match`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: LateFileId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let late = late_files::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(late.version)?;
        waiting(&late)?;
        if !late_files::decide(&mut tenant, id, late.version, None, Caller::from(&principal).subject).await? {
            return Err(ApiError::precondition_failed());
        }
        let late = late_files::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::ReminderDismissed, &late));
        tenant.commit().await?;
        let version = late.version;
        Ok(Reply::ok(&View::from(late))?.with_version(version))
    })
}
