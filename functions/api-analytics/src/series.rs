//! `GET /v1/analytics/series`: figures in order of time.

use chrono::NaiveDate;
use data::{
    analytics::{self, history::points},
    coverage::{self, Coverage},
    exports::Selection,
};
use domain::metrics::{Dimension, Metric};
use edge::{
    ApiError, Boxed, Permission, Principal,
    http::{Download, Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Context,
    asked::{Asked, refused},
    download,
    figures::Figures,
    groups::{self, Key},
    history::too_many_points,
    parameters,
};

const METRICS: [Metric; 2] = [Metric::RevenueEur, Metric::Units];

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    interval: Dimension,
    /// Line by line, each in order of time and without gaps: an interval without sales has zeros.
    data: Vec<Point>,
    next_cursor: Option<String>,
    coverage: Coverage,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Point {
    start: NaiveDate,
    /// Inclusive.
    end: NaiveDate,
    #[serde(flatten)]
    key: Key,
    #[serde(flatten)]
    figures: Figures,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-series",
            "GET /v1/analytics/series",
            "Shows how figures went over time",
        )
        .query_of(parameters::by_untimed)
        .query_of(parameters::any_interval)
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Shows how figures went.
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

/// All points that a query asks for, to be exported; where nothing was sold there is none.
pub(crate) fn selection(pairs: Vec<(String, String)>, principal: &Principal) -> Result<Selection, ApiError> {
    let (asked, ..) = in_time(Asked::read_pairs(pairs, principal, &["by", "interval"], &METRICS)?)?;
    Ok(Selection::Analysis(asked.analysis))
}

/// A question whose first dimension is its interval, and the others.
fn in_time(mut asked: Asked) -> Result<(Asked, Dimension, Vec<Dimension>), ApiError> {
    let interval = interval(asked.own("interval")?)?;
    if asked.analysis.by.iter().any(|dimension| dimension.is_time()) {
        return Err(refused("by", "A series is by time already: interval says which."));
    }
    let lines = std::mem::take(&mut asked.analysis.by);
    asked.analysis.by = [vec![interval], lines.clone()].concat();
    Ok((asked, interval, lines))
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let (asked, interval, lines) = in_time(Asked::read(request, principal, &["by", "interval"], &METRICS)?)?;
    let mut tenant = ctx.database.tenant(principal).await?;
    let groups = groups::all(&mut tenant, &asked.analysis).await?;
    let names =
        analytics::names(&mut tenant, &asked.analysis.by, groups.iter().map(|group| &group.key)).await?;
    let books = coverage::load(&mut tenant, asked.only_vendor()).await?;
    let coverage = Coverage::of(&mut tenant, &books, &asked.analysis).await?;
    let data = points(interval, groups, (asked.analysis.from, asked.analysis.to))
        .ok_or_else(too_many_points)?
        .into_iter()
        .map(|(start, line, sums)| Point {
            start,
            end: interval.end(start),
            key: Key::new(&lines, &line, &names),
            figures: Figures::of(&asked.analysis.metrics, &sums),
        })
        .collect();
    Reply::ok(&View { interval, data, next_cursor: None, coverage })
}

fn interval(word: Option<&str>) -> Result<Dimension, ApiError> {
    let Some(word) = word else { return Ok(Dimension::Month) };
    let known = word.parse().ok().filter(|dimension: &Dimension| dimension.is_time());
    known.ok_or_else(|| refused("interval", "interval is day, week, month, quarter, year or fiscal_year."))
}

#[cfg(test)]
mod tests;
