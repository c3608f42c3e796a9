//! `GET /v1/analytics/anomalies`: intervals that were not as was to be expected, of the whole or of its parts.

use chrono::NaiveDate;
use data::{
    analytics::{
        self,
        history::{LeftOut, Line, season},
    },
    coverage::{self, Coverage},
};
use domain::metrics::{Dimension, Metric};
use edge::{
    ApiError, Boxed, Principal,
    http::{Download, Reply, Request},
    openapi::Operation,
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use statistics::Anomaly;

use crate::{
    Context,
    asked::Asked,
    download,
    forecast::{figure, method_word},
    groups::Key,
    history, parameters,
    table::Shape,
};

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    metric: Metric,
    interval: Dimension,
    /// The most remarkable first.
    data: Vec<Found>,
    /// Anomalies that are not shown.
    more: usize,
    lines: usize,
    /// Lines with fewer than six intervals, about which nothing can be said.
    too_short: usize,
    /// Intervals at the end that are not whole yet.
    left_out: Vec<LeftOut>,
    coverage: Coverage,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Found {
    #[serde(flatten)]
    key: Key,
    start: NaiveDate,
    end: NaiveDate,
    value: Decimal,
    expected: Option<Decimal>,
    /// What would not have been remarkable.
    low: Option<Decimal>,
    high: Option<Decimal>,
    /// In units of the usual deviation; remarkable beyond 3.5 either way.
    score: Option<Decimal>,
    /// Whose expectation it is.
    method: &'static str,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-anomalies",
            "GET /v1/analytics/anomalies",
            "Finds what is unlike the history before it",
        )
        .query_of(parameters::by_untimed)
        .query_of(parameters::interval)
        .query_of(parameters::limit)
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Looks for anomalies from `from` to `to`, with the whole history before as the measure.
///
/// # Errors
/// 400 for a parameter at fault, 403 for costs without `costs:read`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(
        async move { download::or_answer(ctx, request, ("anomalies", Shape::List("data")), compute).await },
    )
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let asked = Asked::read(request, principal, &["by", "interval", "limit"], &[Metric::RevenueEur])?;
    let (metric, interval) = (history::one_metric(&asked)?, history::interval(&asked)?);
    let limit = asked.shown()?;
    let analysis = &asked.analysis;
    let mut tenant = ctx.database.tenant(principal).await?;
    let books = coverage::load(&mut tenant, asked.only_vendor()).await?;
    let known = history::load(&mut tenant, &books, analysis, (metric, interval)).await?;
    let keys = known.lines.iter().map(|line| &line.key);
    let names = analytics::names(&mut tenant, &analysis.by, keys).await?;

    let (mut found, mut too_short) = (Vec::new(), 0);
    for line in &known.lines {
        let season = season(interval).unwrap_or_default();
        let Some((method, anomalies)) = statistics::anomalies(&line.floats(), season) else {
            too_short += 1;
            continue;
        };
        let within = |anomaly: &Anomaly| {
            let start = line.starts.get(anomaly.at);
            start.is_some_and(|start| analysis.from.is_none_or(|from| interval.end(*start) >= from))
        };
        found.extend(anomalies.into_iter().filter(within).map(|anomaly| (line, method, anomaly)));
    }
    found.sort_by(|(.., one), (.., other)| other.score.abs().total_cmp(&one.score.abs()));
    let more = found.len().saturating_sub(limit);
    found.truncate(limit);
    let data = found.iter().filter_map(|(line, method, anomaly)| {
        let key = Key::new(&analysis.by, &line.key, &names);
        show(key, line, (metric, interval), method_word(method.kind()), anomaly)
    });
    Reply::ok(&View {
        metric,
        interval,
        data: data.collect(),
        more,
        lines: known.lines.len(),
        too_short,
        left_out: known.left_out,
        coverage: Coverage::of(&mut tenant, &books, analysis).await?,
    })
}

fn show(
    key: Key,
    line: &Line,
    (metric, interval): (Metric, Dimension),
    method: &'static str,
    anomaly: &Anomaly,
) -> Option<Found> {
    let unit = metric.definition().unit;
    let start = *line.starts.get(anomaly.at)?;
    Some(Found {
        key,
        start,
        end: interval.end(start),
        value: *line.values.get(anomaly.at)?,
        expected: figure(unit, anomaly.expected),
        low: figure(unit, anomaly.range.low),
        high: figure(unit, anomaly.range.high),
        score: figure(domain::metrics::Unit::Percent, anomaly.score),
        method,
    })
}

#[cfg(test)]
mod tests;
