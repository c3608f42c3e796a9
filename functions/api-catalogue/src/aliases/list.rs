//! GET /v1/catalogue/aliases

use data::product_aliases::{self, Filter};
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
    vendor: Option<String>,
    ean: Option<String>,
    /// Also the decisions that hold no more.
    #[serde(default)]
    history: bool,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "aliases-list",
        "GET /v1/catalogue/aliases",
        "Lists what vendors' words stand for, the latest decision first",
    )
    .needs(&[Permission::SalesRead])
    .query::<Query>()
    .ok::<Page<View>>()
}

/// Lists what vendors' words stand for, the latest decision first.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let Query { vendor, ean, history, limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let filter = Filter { vendor, ean, history };
        let aliases = product_aliases::list(&mut tenant, &filter, limit.probe(), after).await?;
        Reply::ok(&Page::new(aliases, limit, |alias| alias.id).map(View::from))
    })
}
