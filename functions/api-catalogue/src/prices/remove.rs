//! `DELETE /v1/prices/{ean}/{valid_from}`

use data::{
    audit::{Event, Subject},
    catalogue, product_prices,
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "prices-remove",
        "DELETE /v1/prices/{ean}/{valid_from}",
        "Takes a list price away; booked rows follow",
    )
    .path_text("ean", "9529843000349", "13 digits.")
    .path_text("valid_from", "2026-01-01", "First day.")
    .needs(&[Permission::CatalogueWrite])
    .if_match()
    .no_content()
}

/// Takes a price away; rows that were valued by it have no value any more.
///
/// # Errors
/// 404 where there is none, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let (ean, valid_from) = super::named(&request)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        let known =
            product_prices::find(&mut tenant, &ean, valid_from).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(known.version)?;
        product_prices::remove(&mut tenant, &ean, valid_from).await?;
        let event =
            Event::new(Action::PriceRemoved).about(Subject::new("price", format!("{ean}/{valid_from}")));
        request.record(&mut tenant, event);
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
