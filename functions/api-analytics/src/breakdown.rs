//! `GET /v1/analytics/breakdown`: figures by up to three dimensions.

use data::{
    analytics,
    coverage::{self, Coverage},
    exports::Selection,
};
use domain::metrics::{Analysis, Metric, percent};
use edge::{
    ApiError, Boxed, Permission, Principal,
    http::{Download, Reply, Request},
    openapi::Operation,
    page::Page,
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Context,
    asked::{Asked, refused},
    download,
    figures::Figures,
    groups::Key,
    parameters,
};

const METRICS: [Metric; 2] = [Metric::RevenueEur, Metric::Units];

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    #[serde(flatten)]
    page: Page<Row>,
    /// Over all groups, also those on other pages.
    total: Figures,
    coverage: Coverage,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Row {
    #[serde(flatten)]
    key: Key,
    #[serde(flatten)]
    figures: Figures,
    /// Of the first metric, in percent of the total; `null` for metrics that have no parts, or where the total is zero.
    share: Option<Decimal>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-breakdown",
            "GET /v1/analytics/breakdown",
            "Breaks figures down by up to three dimensions",
        )
        .query_of(parameters::by_required)
        .query_of(parameters::sort)
        .query::<edge::page::Paging>()
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Breaks figures down.
///
/// # Errors
/// 400 for a parameter at fault, 403 for costs without `costs:read`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        if download::is_wanted(&request) {
            return download::analysis(ctx, &request, selection).await;
        }
        ctx.answer(request, Permission::AnalyticsRead, compute).await
    })
}

/// All groups that a query asks for, to be exported.
pub(crate) fn selection(pairs: Vec<(String, String)>, principal: &Principal) -> Result<Selection, ApiError> {
    let asked = Asked::read_pairs(pairs, principal, &["by", "sort"], &METRICS)?;
    let order = asked.order()?;
    Ok(Selection::Analysis(Analysis { order, ..broken_down(asked)?.analysis }))
}

fn broken_down(asked: Asked) -> Result<Asked, ApiError> {
    if asked.analysis.by.is_empty() {
        return Err(refused("by", "by is required here: it names one to three dimensions."));
    }
    Ok(asked)
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let asked = broken_down(Asked::read(request, principal, &["by", "sort", "limit", "cursor"], &METRICS)?)?;
    let (limit, offset) = asked.page()?;
    let analysis =
        Analysis { order: asked.order()?, limit: Some(limit.probe()), offset, ..asked.analysis.clone() };
    let mut tenant = ctx.database.tenant(principal).await?;
    let groups = analytics::groups(&mut tenant, &analysis).await?;
    let total = analytics::total(&mut tenant, &analysis).await?;
    let names = analytics::names(&mut tenant, &analysis.by, groups.iter().map(|group| &group.key)).await?;
    let books = coverage::load(&mut tenant, asked.only_vendor()).await?;

    let shared = analysis.metrics.first().copied().filter(|metric| metric.definition().additive);
    let whole = shared.and_then(|metric| metric.value(&total).known());
    let next = offset.saturating_add(u32::try_from(limit.get()).unwrap_or(u32::MAX));
    let page = Page::new(groups, limit, |_| next).map(|group| Row {
        key: Key::new(&analysis.by, &group.key, &names),
        share: shared.and_then(|metric| percent(metric.value(&group.sums).known()?, whole?)),
        figures: Figures::of(&analysis.metrics, &group.sums),
    });
    let total = Figures::of(&analysis.metrics, &total);
    Reply::ok(&View { page, total, coverage: Coverage::of(&mut tenant, &books, &analysis).await? })
}

#[cfg(test)]
mod tests;
