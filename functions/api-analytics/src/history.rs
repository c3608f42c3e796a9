//! Series as far as they are known: what statistics are made from.

use chrono::{NaiveDate, Utc};
use data::{
    Tenant,
    coverage::{Books, State, VendorCoverage},
};
use domain::metrics::{Analysis, Dimension, Metric};
use edge::ApiError;
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    asked::{Asked, refused},
    gaps::is_meant,
    groups,
    series::points,
};

/// Intervals that a vendor may be late; one that is silent for longer has stopped.
const LATE_INTERVALS_MAX: usize = 3;

/// One line of a breakdown, from its first sale to the last interval that is complete.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) key: Vec<Option<String>>,
    pub(crate) starts: Vec<NaiveDate>,
    /// Of the metric; a figure that is not known begins the line anew.
    pub(crate) values: Vec<Decimal>,
}

/// Everything that statistics can look at.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) lines: Vec<Line>,
    /// The last day that counts.
    pub(crate) until: Option<NaiveDate>,
    pub(crate) left_out: Vec<LeftOut>,
}

/// An interval at the end that is not whole yet.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct LeftOut {
    start: NaiveDate,
    end: NaiveDate,
    reason: Reason,
}

#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Reason {
    /// It has not ended.
    NotOver,
    /// A vendor has not reported all of it.
    NotReported,
}

impl Line {
    pub(crate) fn floats(&self) -> Vec<f64> {
        self.values.iter().map(|value| value.to_f64().unwrap_or_default()).collect()
    }
}

/// The one metric that is asked about.
///
/// # Errors
/// 400 when there are several.
pub(crate) fn one_metric(asked: &Asked) -> Result<Metric, ApiError> {
    match asked.analysis.metrics[..] {
        [metric] => Ok(metric),
        _ => Err(refused("metric", "One metric is looked at at a time.")),
    }
}

/// The interval that is asked for: a month without a word.
///
/// # Errors
/// 400 for anything that has no season.
pub(crate) fn interval(asked: &Asked) -> Result<Dimension, ApiError> {
    let Some(word) = asked.own("interval")? else { return Ok(Dimension::Month) };
    let known = word.parse().ok().filter(|interval| season(*interval).is_some());
    known.ok_or_else(|| refused("interval", "interval is day, week, month, quarter or year."))
}

/// Intervals after which sales repeat; one has none.
pub(crate) fn season(interval: Dimension) -> Option<usize> {
    match interval {
        Dimension::Day => Some(7),
        Dimension::Week => Some(52),
        Dimension::Month => Some(12),
        Dimension::Quarter => Some(4),
        Dimension::Year => Some(1),
        _ => None,
    }
}

/// Loads the lines of an analysis from the beginning of the books.
///
/// # Errors
/// When there are too many, or the database fails.
pub(crate) async fn load(
    tenant: &mut Tenant,
    books: &Books,
    asked: &Analysis,
    (metric, interval): (Metric, Dimension),
) -> Result<History, ApiError> {
    let by = [vec![interval], asked.by.clone()].concat();
    let asked = Analysis { by, from: None, ..asked.clone() };
    let groups = groups::all(tenant, &asked).await?;
    let points = points(interval, groups, (None, asked.to))?;
    let today = Utc::now().date_naive();
    let mut starts: Vec<NaiveDate> = points.iter().map(|(start, ..)| *start).collect();
    starts.sort_unstable();
    starts.dedup();
    // Who has been silent for longer does not report late, but no more.
    let recently = starts.iter().rev().nth(LATE_INTERVALS_MAX).or(starts.first()).copied();
    let mut left_out = Vec::new();
    while let Some(start) = starts.last().copied() {
        let end = interval.end(start);
        let reason = match () {
            () if end >= today => Reason::NotOver,
            () if lacks(books, &asked, (start, end), today, recently) => Reason::NotReported,
            () => break,
        };
        left_out.insert(0, LeftOut { start, end, reason });
        starts.pop();
    }
    let until = starts.last().map(|start| interval.end(*start));
    let mut lines: Vec<Line> = Vec::new();
    for (start, key, sums) in
        points.into_iter().filter(|(start, ..)| until.is_some_and(|until| *start <= until))
    {
        if lines.last().is_none_or(|line| line.key != key) {
            lines.push(Line { key, starts: Vec::new(), values: Vec::new() });
        }
        let Some(line) = lines.last_mut() else { continue };
        match metric.value(&sums).known() {
            // Before its first sale a line says nothing.
            Some(_) if sums.records == 0 && line.values.is_empty() => {}
            Some(value) => {
                line.starts.push(start);
                line.values.push(value);
            }
            None => {
                line.starts.clear();
                line.values.clear();
            }
        }
    }
    Ok(History { lines, until, left_out })
}

/// Whether a vendor that is meant, and was heard of `recently`, has not reported some of these days.
fn lacks(
    books: &Books,
    asked: &Analysis,
    (start, end): (NaiveDate, NaiveDate),
    today: NaiveDate,
    recently: Option<NaiveDate>,
) -> bool {
    let vendors = books.coverage(Some(start), Some(end), today);
    let speaks = |vendor: &&VendorCoverage| {
        is_meant(asked, &vendor.vendor) && recently.is_none_or(|day| vendor.last_reported >= day)
    };
    vendors.iter().filter(speaks).any(|vendor| {
        let open = |state| matches!(state, State::Missing | State::NotDue | State::Unknown);
        vendor
            .cells
            .iter()
            .any(|cell| cell.known_gap.is_none() && open(cell.state) && cell.period.end() <= end)
    })
}
