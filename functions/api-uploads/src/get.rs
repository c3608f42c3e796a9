//! GET /v1/uploads/{id}

use data::uploads;
use domain::UploadId;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{Context, views::UploadView};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("uploads-get", "GET /v1/uploads/{id}", "Shows one upload with all its controls")
        .needs(&[Permission::UploadsRead])
        .ok::<UploadView>()
}

/// Shows one upload with all its controls.
///
/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsRead)?;
        let id: UploadId = request.path("id")?;
        let mut tenant = ctx.db.tenant(&principal).await?;
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let controls = uploads::controls(&mut tenant, id).await?;
        Reply::ok(&UploadView::new(upload, controls))
    })
}
