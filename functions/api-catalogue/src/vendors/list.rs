//! `GET /v1/vendors`

use data::vendors;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("vendors-list", "GET /v1/vendors", "Lists the vendors of whom something was booked")
        .needs(&[Permission::SalesRead])
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// Lists the vendors of whom something was booked.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let Paging { limit, cursor } = request.query()?;
        let after: Option<String> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let vendors = vendors::list(&mut tenant, limit.probe(), after.as_deref()).await?;
        Reply::ok(&Page::new(vendors, limit, |vendor| vendor.key.clone()).map(View::from))
    })
}
