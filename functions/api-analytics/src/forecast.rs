//! `GET /v1/analytics/forecast`: what comes next, with ranges and how wrong the same method was before.

use chrono::NaiveDate;
use data::{
    analytics::history::{LeftOut, Line, season},
    coverage::{self, Coverage},
};
use domain::metrics::{Dimension, Metric, Unit};
use edge::{
    ApiError, Boxed, Principal,
    http::{Download, Reply, Request},
    openapi::Operation,
};
use rust_decimal::{Decimal, prelude::FromPrimitive as _};
use schemars::JsonSchema;
use serde::Serialize;
use statistics::{Backtest, MethodKind};

use crate::{
    Context,
    asked::{Asked, refused},
    download, history, parameters,
    table::Shape,
};

/// Intervals ahead, without a wish and at most: further ahead nothing is known.
pub(crate) const AHEAD: u32 = 3;
pub(crate) const AHEAD_MAX: u32 = 24;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    metric: Metric,
    interval: Dimension,
    history: Vec<Known>,
    /// The last day that the forecast rests on.
    history_until: Option<NaiveDate>,
    /// Intervals at the end that are not whole yet.
    left_out: Vec<LeftOut>,
    /// Empty with fewer than six intervals: then `reason` says so.
    data: Vec<Expected>,
    method: Option<&'static str>,
    backtest: Option<BacktestView>,
    /// The same for what is simplest: the last value again, or that of a season ago.
    naive_backtest: Option<BacktestView>,
    reason: Option<&'static str>,
    coverage: Coverage,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Known {
    start: NaiveDate,
    end: NaiveDate,
    value: Decimal,
}

/// Ranges hold four of five, and nineteen of twenty, values, if the errors so far are a guide.
#[derive(Debug, Serialize, JsonSchema)]
struct Expected {
    start: NaiveDate,
    end: NaiveDate,
    expected: Option<Decimal>,
    low_80: Option<Decimal>,
    high_80: Option<Decimal>,
    low_95: Option<Decimal>,
    high_95: Option<Decimal>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BacktestView {
    /// Values that were expected from the ones before them alone.
    steps: usize,
    mean_absolute_error: Option<Decimal>,
    /// All errors by all values; `null` where those are zero.
    percent: Option<Decimal>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        parameters::analysis(
            "analytics-forecast",
            "GET /v1/analytics/forecast",
            "Expects the next intervals, with a range and the error of a back-test",
        )
        .query_of(parameters::interval)
        .query_of(parameters::periods)
        .ok::<View>()
        .query::<Download>(),
    )
}

/// Expects the next intervals.
///
/// # Errors
/// 400 for a parameter at fault, 403 for costs without `costs:read`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(
        async move { download::or_answer(ctx, request, ("forecast", Shape::List("data")), compute).await },
    )
}

async fn compute(ctx: &Context, request: &Request, principal: &Principal) -> Result<Reply, ApiError> {
    let asked = Asked::read(request, principal, &["interval", "periods"], &[Metric::RevenueEur])?;
    let (metric, interval) = (history::one_metric(&asked)?, history::interval(&asked)?);
    let ahead = match asked.own("periods")? {
        None => AHEAD,
        Some(text) => text
            .parse()
            .ok()
            .filter(|ahead| (1..=AHEAD_MAX).contains(ahead))
            .ok_or_else(|| refused("periods", format!("periods is 1 to {AHEAD_MAX}.")))?,
    };
    let mut tenant = ctx.database.tenant(principal).await?;
    let books = coverage::load(&mut tenant, asked.only_vendor()).await?;
    let known = history::load(&mut tenant, &books, &asked.analysis, (metric, interval)).await?;
    let coverage = Coverage::of(&mut tenant, &books, &asked.analysis).await?;
    let line = known.lines.into_iter().next();
    let forecast = line
        .as_ref()
        .and_then(|line| statistics::forecast(&line.floats(), season(interval)?, ahead.try_into().ok()?));
    let unit = metric.definition().unit;
    let (history, data) = match &line {
        None => (Vec::new(), Vec::new()),
        Some(line) => (
            past(line, interval),
            forecast
                .as_ref()
                .map_or_else(Vec::new, |forecast| future(line, interval, unit, &forecast.points)),
        ),
    };
    Reply::ok(&View {
        metric,
        interval,
        history,
        history_until: known.until,
        left_out: known.left_out,
        data,
        method: forecast.as_ref().map(|forecast| method_word(forecast.method.kind())),
        backtest: forecast.as_ref().map(|forecast| BacktestView::new(unit, forecast.backtest)),
        naive_backtest: forecast.as_ref().map(|forecast| BacktestView::new(unit, forecast.naive)),
        reason: forecast.is_none().then_some("too_little_history"),
        coverage,
    })
}

fn past(line: &Line, interval: Dimension) -> Vec<Known> {
    let known = line.starts.iter().zip(&line.values);
    known.map(|(start, value)| Known { start: *start, end: interval.end(*start), value: *value }).collect()
}

fn future(line: &Line, interval: Dimension, unit: Unit, points: &[statistics::Point]) -> Vec<Expected> {
    let after = |start: &NaiveDate| interval.next(*start);
    let starts = std::iter::successors(line.starts.last().and_then(after), after);
    let figure = |value| figure(unit, value);
    let expected = |(start, point): (NaiveDate, &statistics::Point)| Expected {
        start,
        end: interval.end(start),
        expected: figure(point.expected),
        low_80: figure(point.likely.low),
        high_80: figure(point.likely.high),
        low_95: figure(point.wide.low),
        high_95: figure(point.wide.high),
    };
    starts.zip(points).map(expected).collect()
}

/// An estimate as it is shown.
pub(crate) fn figure(unit: Unit, value: f64) -> Option<Decimal> {
    Decimal::from_f64(value).map(|value| unit.round(value))
}

pub(crate) fn method_word(method: MethodKind) -> &'static str {
    match method {
        MethodKind::Naive => "naive",
        MethodKind::SeasonalNaive => "seasonal_naive",
        MethodKind::ExponentialSmoothing => "exponential_smoothing",
        MethodKind::SeasonalExponentialSmoothing => "seasonal_exponential_smoothing",
    }
}

impl BacktestView {
    fn new(unit: Unit, backtest: Backtest) -> Self {
        Self {
            steps: backtest.steps,
            mean_absolute_error: figure(unit, backtest.mean_absolute_error),
            percent: backtest.percent.and_then(|percent| figure(Unit::Percent, percent)),
        }
    }
}

#[cfg(test)]
mod tests;
