//! GET /v1/known-gaps

use data::known_gaps;
use domain::KnownGapId;
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
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("known-gaps-list", "GET /v1/known-gaps", "Lists the gaps, newest first")
        .needs(&[Permission::AnalyticsRead])
        .query::<Query>()
        .ok::<Page<View>>()
}

/// Lists the gaps, newest first.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let Query { vendor, limit, cursor } = request.query()?;
        let after: Option<KnownGapId> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let gaps = known_gaps::list(&mut tenant, vendor.as_deref(), limit.probe(), after).await?;
        Reply::ok(&Page::new(gaps, limit, |gap| gap.id).map(View::from))
    })
}
