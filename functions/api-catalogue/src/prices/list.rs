//! `GET /v1/prices`

use chrono::NaiveDate;
use data::product_prices;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    ean: Option<String>,
    /// Those that hold on this day.
    on: Option<NaiveDate>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("prices-list", "GET /v1/prices", "Lists list prices by product, with the days they hold")
        .needs(&[Permission::SalesRead])
        .query::<Query>()
        .ok::<Page<View>>()
}

/// Lists prices by product and first day.
///
/// # Errors
/// 400 for a parameter or cursor at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let Query { ean, on, limit, cursor } = request.query()?;
        let after: Option<(String, NaiveDate)> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows =
            product_prices::list(&mut tenant, (ean.as_deref(), on), limit.probe(), after.as_ref()).await?;
        let place = |row: &product_prices::Versioned| (row.price.ean.clone(), row.price.valid_from);
        Reply::ok(&Page::new(rows, limit, place).map(View::from))
    })
}
