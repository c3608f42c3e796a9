//! POST /v1/uploads/{id}/retry

use data::{audit::Event, uploads};
use domain::{Action, UploadId, UploadStatus};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{Context, requeue::requeue};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("uploads-retry", "POST /v1/uploads/{id}/retry", "Has a failed upload read again")
        .needs(&[Permission::UploadsWrite])
        .refuses(409, "not_failed", "Only a failed upload can be tried again.")
        .accepted::<crate::views::RequeuedView>()
}

/// Has a failed upload read again.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when it has not failed.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: UploadId = request.path("id")?;
        let mut tenant = ctx.db.tenant(&principal).await?;
        uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if !uploads::retry(&mut tenant, id).await? {
            return Err(ApiError::conflict("not_failed", "Only a failed upload can be tried again."));
        }
        let event = Event::new(Action::UploadRetried);
        let reply = requeue(ctx, &request, tenant, id, UploadStatus::Pending, event).await?;
        tracing::info!(upload.id = %id, "upload queued again");
        Ok(reply)
    })
}
