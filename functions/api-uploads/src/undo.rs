//! DELETE /v1/uploads/{id}

use data::{audit::Event, booking, uploads};
use domain::{Action, UploadId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{Context, views::UndoneView};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-undo",
        "DELETE /v1/uploads/{id}",
        "Takes a completed upload back: what it replaced counts again",
    )
    .needs(&[Permission::UploadsWrite])
    .refuses(409, "not_completed", "Only a completed upload can be undone.")
    .ok::<UndoneView>()
}

/// Takes a completed upload back: what it replaced counts again.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when it is not completed.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: UploadId = request.path("id")?;
        let mut tenant = ctx.db.tenant(&principal).await?;
        uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let Some(undone) = booking::undo(&mut tenant, id, principal.user_id).await? else {
            return Err(ApiError::conflict("not_completed", "Only a completed upload can be undone."));
        };
        request.record(
            &mut tenant,
            Event::new(Action::UploadUndone)
                .about(id)
                .with("removed", undone.removed)
                .with("restored", undone.restored),
        );
        tenant.commit().await?;
        tracing::info!(upload.id = %id, rows.removed = undone.removed, rows.restored = undone.restored, "upload undone");
        Reply::ok(&UndoneView::from(undone))
    })
}
