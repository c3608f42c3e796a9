//! `GET /v1/analytics/compare`: two spans against each other, raw and like for like, whole and by groups.

use data::{Tenant, coverage};
use domain::metrics::{Analysis, Metric, Span};
use edge::{
    ApiError, Boxed, Principal,
    http::{Download, Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Context,
    asked::{Asked, refused},
    comparison::{self, Before, LikeForLike},
    download,
    figures::Changes,
    groups::{self, Compared},
    parameters, span,
    table::Shape,
};

const METRICS: [Metric; 2] = [Metric::RevenueEur, Metric::Units];

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    now: Before,
    before: Before,
    change: Changes,
    like_for_like: LikeForLike,
    /// By the dimensions asked for, biggest step of the first metric first.
    data: Vec<Compared>,
    next_cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-compare",
            "GET /v1/analytics/compare",
            "Compares a span with the one before, the one a year ago, or any other",
        )
        .query_of(parameters::with)
        .query_of(parameters::by)
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Compares a span with the one before, the one a year ago, or any other.
///
/// # Errors
/// 400 for a parameter at fault, 403 for costs without `costs:read`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(
        async move { download::or_answer(ctx, request, ("compare", Shape::List("data")), compute).await },
    )
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let asked = Asked::read(request, principal, &["by", "with", "with_from", "with_to"], &METRICS)?;
    let (now, before) = spans(&asked)?;
    let analysis = &asked.analysis;
    let mut tenant = ctx.database.tenant(principal).await?;
    let books = coverage::load(&mut tenant, asked.only_vendor()).await?;
    let data = match analysis.by.is_empty() {
        true => Vec::new(),
        false => by_groups(&mut tenant, analysis, (now, before)).await?,
    };
    let like_for_like = comparison::like_for_like(&mut tenant, &books, analysis, (now, before)).await?;
    let now = comparison::before(&mut tenant, &books, analysis, now).await?;
    let before = comparison::before(&mut tenant, &books, analysis, before).await?;
    let change = now.figures.since(&before.figures);
    Reply::ok(&View { now, before, change, like_for_like, data, next_cursor: None })
}

/// The span asked for, and the one it is compared with: `with=previous` (also without a word), `with=last_year`, or
/// `with_from` and `with_to`.
pub(crate) fn spans(asked: &Asked) -> Result<(Span, Span), ApiError> {
    let now = asked.span()?;
    let other = match asked.own("with")? {
        None if asked.own("with_from")?.is_some() || asked.own("with_to")?.is_some() => {
            let span =
                span::between(asked.own_day("with_from")?, asked.own_day("with_to")?).map_err(|_| {
                    refused("with_to", "with_to lies before with_from, or more than twenty years after it.")
                })?;
            return span
                .map(|span| (now, span))
                .ok_or_else(|| refused("with_to", "with_from and with_to belong together."));
        }
        None | Some("previous") => now.before(),
        Some("last_year") => now.year_before(),
        Some(_) => {
            return Err(refused("with", "with is previous or last_year; else give with_from and with_to."));
        }
    };
    other.map(|other| (now, other)).ok_or_else(|| refused("from", "There is no time before these days."))
}

/// The groups of two spans side by side.
pub(crate) async fn by_groups(
    tenant: &mut Tenant,
    analysis: &Analysis,
    (now, before): (Span, Span),
) -> Result<Vec<Compared>, ApiError> {
    let now = analysis.clone().within(now.from, now.to);
    let before = analysis.clone().within(before.from, before.to);
    groups::compared(tenant, (&now, &before)).await
}

#[cfg(test)]
mod tests;
