//! `GET /v1/vendors/{key}`

use data::vendors;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("vendors-get", "GET /v1/vendors/{key}", "Shows a vendor")
        .path_text("key", "liberty", "The vendor's key.")
        .needs(&[Permission::SalesRead])
        .ok::<View>()
}

/// Shows a vendor.
///
/// # Errors
/// 404 for one of whom nothing was booked.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let key: String = request.path("key")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let vendor = vendors::find(&mut tenant, &key).await?.ok_or_else(ApiError::not_found)?;
        let version = vendor.version;
        Ok(Reply::ok(&View::from(vendor))?.with_version(version))
    })
}
