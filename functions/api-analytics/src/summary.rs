//! `GET /v1/analytics/summary`: key figures, the span before, the same span a year ago, and what is missing.

use data::{
    analytics,
    coverage::{self, Coverage},
};
use domain::metrics::Metric;
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
    figures::{Changes, Figures},
    parameters,
    table::Shape,
};

/// What is shown unless other metrics are asked for.
const METRICS: [Metric; 8] = [
    Metric::RevenueEur,
    Metric::Units,
    Metric::Orders,
    Metric::AveragePriceEur,
    Metric::ReturnsEur,
    Metric::ReturnRate,
    Metric::AverageOrderValueEur,
    Metric::ItemsPerOrder,
];

/// Figures over all line classes, so that they tie to the totals of the vendors' files.
#[derive(Debug, Serialize, JsonSchema)]
struct View {
    #[serde(flatten)]
    figures: Figures,
    /// `null`, like all that follow but `coverage`, unless both `from` and `to` are given.
    previous: Option<Before>,
    change: Option<Changes>,
    last_year: Option<Before>,
    change_to_last_year: Option<Changes>,
    /// Where `like_for_like=true`: the change from the span before, over what is comparable.
    #[serde(skip_serializing_if = "Option::is_none")]
    like_for_like: Option<LikeForLike>,
    coverage: Coverage,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-summary",
            "GET /v1/analytics/summary",
            "Answers with key figures, compared with before and last year",
        )
        .query_of(parameters::like_for_like)
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Answers with key figures.
///
/// # Errors
/// 400 for a parameter at fault, 403 for costs without `costs:read`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move { download::or_answer(ctx, request, ("summary", Shape::Whole), compute).await })
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let asked = Asked::read(request, principal, &["like_for_like"], &METRICS)?;
    let like_for_like = match asked.own("like_for_like")? {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(refused("like_for_like", "like_for_like is true or false.")),
    };
    let analysis = &asked.analysis;
    let mut tenant = ctx.database.tenant(principal).await?;
    let books = coverage::load(&mut tenant, asked.only_vendor()).await?;
    let sums = analytics::total(&mut tenant, analysis).await?;
    let mut view = View {
        figures: Figures::of(&analysis.metrics, &sums),
        previous: None,
        change: None,
        last_year: None,
        change_to_last_year: None,
        like_for_like: None,
        coverage: Coverage::of(&mut tenant, &books, analysis).await?,
    };
    let Some(span) = asked.span else { return Reply::ok(&view) };
    if let Some(before) = span.before() {
        let previous = comparison::before(&mut tenant, &books, analysis, before).await?;
        view.change = Some(view.figures.since(&previous.figures));
        view.previous = Some(previous);
        if like_for_like {
            let spans = (span, before);
            view.like_for_like = Some(comparison::like_for_like(&mut tenant, &books, analysis, spans).await?);
        }
    }
    if let Some(before) = span.year_before() {
        let last_year = comparison::before(&mut tenant, &books, analysis, before).await?;
        view.change_to_last_year = Some(view.figures.since(&last_year.figures));
        view.last_year = Some(last_year);
    }
    Reply::ok(&view)
}

#[cfg(test)]
mod tests;
