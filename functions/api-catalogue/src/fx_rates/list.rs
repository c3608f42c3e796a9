//! `GET /v1/fx-rates`

use chrono::NaiveDate;
use data::fx_rates::{self, Versioned};
use domain::Currency;
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
    currency: Option<Currency>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("fx-rates-list", "GET /v1/fx-rates", "Lists exchange rates by currency and month")
        .needs(&[Permission::SalesRead])
        .query::<Query>()
        .ok::<Page<View>>()
}

/// Lists rates by currency and month.
///
/// # Errors
/// 400 for a parameter or cursor at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let Query { currency, limit, cursor } = request.query()?;
        let after: Option<(String, NaiveDate)> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = fx_rates::list(&mut tenant, currency, limit.probe(), after.as_ref()).await?;
        let place = |row: &Versioned| (row.rate.currency.as_str().to_owned(), row.rate.month);
        Reply::ok(&Page::new(rows, limit, place).map(View::from))
    })
}
