//! `GET /v1/products/{ean}`

use data::products;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{PriceView, View};
use crate::Context;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ProductWithPrices")]
struct Detailed {
    #[serde(flatten)]
    product: View,
    /// In order of time.
    prices: Vec<PriceView>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("products-get", "GET /v1/products/{ean}", "Shows a product with its list prices")
        .path_text("ean", "9529843000349", "13 digits.")
        .needs(&[Permission::SalesRead])
        .ok::<Detailed>()
}

/// Shows a product with its list prices.
///
/// # Errors
/// 404 for an EAN that is not in the catalogue.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let ean: String = request.path("ean")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let listed = products::find(&mut tenant, &ean).await?.ok_or_else(ApiError::not_found)?;
        let version = listed.version;
        let prices = super::prices(&mut tenant, &ean).await?;
        Ok(Reply::ok(&Detailed { product: listed.into(), prices })?.with_version(version))
    })
}
