//! `DELETE /v1/fx-rates/{currency}/{month}`

use data::{audit::Event, catalogue, fx_rates};
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
        "fx-rates-remove",
        "DELETE /v1/fx-rates/{currency}/{month}",
        "Takes an exchange rate away; what it converted is a gap again",
    )
    .path_text("currency", "GBP", "Three capital letters.")
    .path_text("month", "2026-01", "Year and month.")
    .needs(&[Permission::CatalogueWrite])
    .if_match()
    .no_content()
}

/// Takes a rate away; rows that were converted by it have no euro amount any more.
///
/// # Errors
/// 404 where there is none, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let (currency, month) = super::named(&request)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        catalogue::lock(&mut tenant).await?;
        let known = fx_rates::find(&mut tenant, currency, month).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(known.version)?;
        fx_rates::remove(&mut tenant, currency, month).await?;
        request.record(&mut tenant, Event::new(Action::FxRateRemoved).about(super::subject(currency, month)));
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
