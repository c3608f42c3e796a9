//! `GET /v1/analytics/top-movers`: what rose and what fell most between two spans.

use domain::metrics::{Dimension, Metric, Span};
use edge::{
    ApiError, Boxed, Principal,
    http::{Download, Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Context,
    asked::Asked,
    compare::{by_groups, spans},
    download,
    groups::Compared,
    parameters,
    table::Shape,
};

const METRICS: [Metric; 2] = [Metric::RevenueEur, Metric::Units];

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    now: Span,
    before: Span,
    by: Vec<Dimension>,
    /// Biggest rise of the first metric first.
    up: Vec<Compared>,
    /// Biggest fall first.
    down: Vec<Compared>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-top-movers",
            "GET /v1/analytics/top-movers",
            "Lists what rose and what fell most",
        )
        .query_of(parameters::with)
        .query_of(parameters::by)
        .query_of(parameters::limit)
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Shows the movers, products unless `by` says otherwise; at most `limit` each way.
///
/// # Errors
/// 400 for a parameter at fault, 403 for costs without `costs:read`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        download::or_answer(
            ctx,
            request,
            ("top-movers", Shape::Lists { named: "direction", lists: &["up", "down"] }),
            compute,
        )
        .await
    })
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let own = ["by", "with", "with_from", "with_to", "limit"];
    let mut asked = Asked::read(request, principal, &own, &METRICS)?;
    let (now, before) = spans(&asked)?;
    let limit = asked.shown()?;
    if asked.analysis.by.is_empty() {
        asked.analysis.by = vec![Dimension::Product];
    }
    let mut tenant = ctx.database.tenant(principal).await?;
    let moved = by_groups(&mut tenant, &asked.analysis, (now, before)).await?;
    let moved = moved.into_iter().filter(|group| !group.step.is_zero());
    let (mut up, mut down): (Vec<_>, Vec<_>) = moved.partition(|group| group.step.is_sign_positive());
    up.truncate(limit);
    down.truncate(limit);
    Reply::ok(&View { now, before, by: asked.analysis.by, up, down })
}

#[cfg(test)]
mod tests;
