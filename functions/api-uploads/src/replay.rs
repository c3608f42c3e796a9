//! POST /v1/uploads/{id}/replay

use data::{audit::Event, uploads};
use domain::{Action, UploadId, UploadStatus};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{Context, original::require_original, requeue::requeue};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-replay",
        "POST /v1/uploads/{id}/replay",
        "Reads a file again with the aliases, prices and profiles of today",
    )
    .needs(&[Permission::UploadsWrite])
    .refuses(409, "not_replayable", "The upload is in no state from which it could be read again.")
    .refuses(409, "original_removed", "A retention rule has removed the file.")
    .accepted::<crate::views::RequeuedView>()
}

/// Has a file read again that was booked, held or rejected, with the aliases, prices and profiles of today.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when it is under way, undone, or never came to be read, or its file is gone.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: UploadId = request.path("id")?;
        let mut tenant = ctx.db.tenant(&principal).await?;
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        require_original(&upload)?;
        if !uploads::replay(&mut tenant, id).await? {
            let detail = "Only a file that was booked, held or rejected can be read again.";
            return Err(ApiError::conflict("not_replayable", detail));
        }
        let event = Event::new(Action::UploadReplayed);
        let reply = requeue(ctx, &request, tenant, id, UploadStatus::Pending, event).await?;
        tracing::info!(upload.id = %id, user.id = %principal.user_id, "upload queued for a replay");
        Ok(reply)
    })
}
