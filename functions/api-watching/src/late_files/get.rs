//! `GET /v1/late-files/{id}`

use data::late_files;
use domain::LateFileId;
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::View;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("late-files-get", "GET /v1/late-files/{id}", "Shows a late file and its reminder")
        .needs(&[Permission::AnalyticsRead])
        .ok::<View>()
}

/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: LateFileId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let late = late_files::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let version = late.version;
        Ok(Reply::ok(&View::from(late))?.with_version(version))
    })
}
