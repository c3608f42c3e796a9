//! `GET /v1/analytics/coverage`: which vendor has reported which period, and what should have come.

pub(crate) mod view;

use chrono::{NaiveDate, Utc};
use data::coverage;
use edge::{
    ApiError, Boxed, Permission, Principal,
    http::{Download, Reply, Request, read_query},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use self::view::View;
use crate::{Context, download, span, table::Shape};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    vendor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        Operation::new(
            "analytics-coverage",
            "GET /v1/analytics/coverage",
            "Shows which vendor has reported which period",
        )
        .needs(&[Permission::AnalyticsRead])
        .query::<Query>()
        .revalidated()
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Shows the matrix of vendors and periods.
///
/// # Errors
/// 400 for a span or parameter at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        download::or_answer(
            ctx,
            request,
            ("coverage", Shape::Nested { outer: "data", inner: "periods" }),
            compute,
        )
        .await
    })
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let pairs: Vec<_> =
        request.pairs().into_iter().filter(|(name, _)| !download::is_about_file(name)).collect();
    let Query { from, to, vendor } = read_query(&pairs)?;
    span::between(from, to)?;
    let mut tenant = ctx.database.tenant(principal).await?;
    let books = coverage::load(&mut tenant, vendor.as_deref()).await?;
    let today = Utc::now().date_naive();
    Reply::ok(&View::new(books.coverage(from, to, today), from, to, today))
}

#[cfg(test)]
mod tests;
