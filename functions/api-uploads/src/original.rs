//! GET /v1/uploads/{id}/original

use std::time::Duration;

use data::{
    audit::Event,
    uploads::{self, Upload},
};
use domain::{Action, FileName, UploadId, UploadStatus};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{Context, views::OriginalView};

/// Time to click, not to share.
const DOWNLOAD_TIME: Duration = Duration::from_secs(5 * 60);

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-original",
        "GET /v1/uploads/{id}/original",
        "Signs a download of the file as it came",
    )
    .details("It holds what the books leave out: personal data, and what things cost.")
    .needs(&[Permission::UploadsRead, Permission::OriginalsRead])
    .refuses(409, "not_arrived", "The bytes of this upload have not arrived.")
    .refuses(409, "original_removed", "A retention rule has removed the file.")
    .ok::<OriginalView>()
}

/// Signs a download of the file as it came.
///
/// # Errors
/// 404 for an id that does not exist here, 409 while there are no bytes, or no longer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        request.require(Permission::UploadsRead)?;
        let principal = request.require(Permission::OriginalsRead)?;
        let id: UploadId = request.path("id")?;
        let mut tenant = ctx.db.tenant(&principal).await?;
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if matches!(upload.status, UploadStatus::Pending | UploadStatus::Expired) {
            return Err(ApiError::conflict("not_arrived", "The bytes of this upload have not arrived."));
        }
        require_original(&upload)?;
        let name = FileName::lossy(&upload.file_name);
        let get = ctx.inbox.presign_get(&upload.object_key, &name, DOWNLOAD_TIME).await?;
        request.record(&mut tenant, Event::new(Action::OriginalDownloaded).about(id));
        tenant.commit().await?;
        Reply::ok(&OriginalView::from(get))
    })
}

/// Whether there is still a file.
///
/// # Errors
/// 409 `original_removed`.
pub(crate) fn require_original(upload: &Upload) -> Result<(), ApiError> {
    let Some(at) = upload.original_removed_at else { return Ok(()) };
    let detail = format!(
        "A retention rule has removed this file on {}. What was booked of it stays.",
        at.date_naive()
    );
    Err(ApiError::conflict("original_removed", detail))
}
