//! `GET /v1/reports`: what was made for the caller.

use data::reports;
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};

use schemars::JsonSchema;
use serde::Deserialize;

use super::View;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    /// Only those that showed something else than the books say now.
    #[serde(default)]
    outdated: bool,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "reports-list",
        "GET /v1/reports",
        "Lists the reports that were made for the caller, newest first",
    )
    .needs(&[Permission::ReportsRead])
    .query::<Query>()
    .ok::<Page<View>>()
}

/// Lists the reports that show what the caller may see, newest first.
///
/// # Errors
/// 400 for a cursor at fault.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsRead)?;
        let Query { outdated, limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = reports::list(&mut tenant, outdated, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |report| report.id).map(View::from))
    })
}
