//! `GET /v1/analytics/contribution`: why a figure rose or fell: which parts of it moved, and whether more was sold or dearer.

use data::coverage;
use domain::metrics::{Dimension, Metric, Sums};
use edge::{
    ApiError, Boxed, Principal,
    http::{Download, Reply, Request},
    openapi::Operation,
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Context,
    asked::{Asked, refused},
    compare::{by_groups, spans},
    comparison::{self, Before},
    download,
    figures::Changes,
    groups::Compared,
    parameters,
    table::Shape,
};

/// What is looked at unless `by` says otherwise.
const DIMENSIONS: [Dimension; 5] =
    [Dimension::Channel, Dimension::Vendor, Dimension::Store, Dimension::Country, Dimension::Product];

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    metric: Metric,
    now: Before,
    before: Before,
    change: Changes,
    /// Of revenue in euro alone, over rows that report both amount and pieces.
    effects: Option<Effects>,
    /// One breakdown a dimension; the contributions of all its groups add up to the growth of the whole.
    by: Vec<Breakdown>,
}

/// The change of revenue as the sum of two effects.
#[derive(Debug, Serialize, JsonSchema)]
struct Effects {
    /// What the change in pieces makes at the former average price.
    volume_eur: Decimal,
    /// What the change of the average price makes at the pieces of now: dearer, or other products and stores.
    price_and_mix_eur: Decimal,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Breakdown {
    dimension: Dimension,
    /// Biggest step first.
    data: Vec<Compared>,
    /// Groups that moved as well and are not shown.
    more: usize,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-contribution",
            "GET /v1/analytics/contribution",
            "Explains why a figure rose or fell",
        )
        .query_of(parameters::with)
        .query_of(parameters::by)
        .query_of(parameters::limit)
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Explains a change.
///
/// # Errors
/// 400 for a parameter at fault, among them a metric without parts; 403 for costs without `costs:read`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        download::or_answer(
            ctx,
            request,
            ("contribution", Shape::Nested { outer: "by", inner: "data" }),
            compute,
        )
        .await
    })
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let own = ["by", "with", "with_from", "with_to", "limit"];
    let mut asked = Asked::read(request, principal, &own, &[Metric::RevenueEur])?;
    let (now, before) = spans(&asked)?;
    let limit = asked.shown()?;
    let metric = match asked.analysis.metrics[..] {
        [metric] if metric.definition().additive => metric,
        [metric] => return Err(refused("metric", format!("{} has no parts that add up.", metric.as_str()))),
        _ => return Err(refused("metric", "One metric is explained at a time.")),
    };
    let dimensions = match std::mem::take(&mut asked.analysis.by) {
        named if named.is_empty() => DIMENSIONS.to_vec(),
        named => named,
    };
    let mut tenant = ctx.database.tenant(principal).await?;
    let mut by = Vec::new();
    for dimension in dimensions {
        let analysis = asked.analysis.clone().by(&[dimension]);
        let mut data = by_groups(&mut tenant, &analysis, (now, before)).await?;
        data.retain(|group| !group.step.is_zero());
        let more = data.len().saturating_sub(limit);
        data.truncate(limit);
        by.push(Breakdown { dimension, data, more });
    }
    let analysis = &asked.analysis;
    let books = coverage::load(&mut tenant, asked.only_vendor()).await?;
    let now = comparison::before(&mut tenant, &books, analysis, now).await?;
    let before = comparison::before(&mut tenant, &books, analysis, before).await?;
    let change = now.figures.since(&before.figures);
    let effects = match metric {
        Metric::RevenueEur => Effects::of(&now.sums, &before.sums),
        _ => None,
    };
    Reply::ok(&View { metric, now, before, change, effects, by })
}

impl Effects {
    /// `None` where nothing was sold before: there is no former price.
    fn of(now: &Sums, before: &Sums) -> Option<Self> {
        let price = before.paired_euro.checked_div(before.paired_quantity)?;
        let volume = (now.paired_quantity - before.paired_quantity) * price;
        let rest = now.paired_euro - before.paired_euro - volume;
        let euro = domain::metrics::Unit::Euro;
        Some(Self { volume_eur: euro.round(volume), price_and_mix_eur: euro.round(rest) })
    }
}

#[cfg(test)]
mod tests;
