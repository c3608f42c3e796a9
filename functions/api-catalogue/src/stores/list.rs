//! GET /v1/catalogue/stores

use data::stores;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page},
};

use super::View;
use crate::{Context, query::VendorQuery};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "stores-list",
        "GET /v1/catalogue/stores",
        "Lists the stores that people put together, the newest first, with their spellings",
    )
    .needs(&[Permission::SalesRead])
    .query::<VendorQuery>()
    .ok::<Page<View>>()
}

/// Lists the stores that people put together, the newest first, with their spellings.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let VendorQuery { vendor, limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let stores = stores::list(&mut tenant, vendor.as_deref(), limit.probe(), after).await?;
        Reply::ok(&Page::new(stores, limit, |store| store.id).map(View::from))
    })
}
