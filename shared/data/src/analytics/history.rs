//! Series as far as they are known: what statistics are made from.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::metrics::{Analysis, Dimension, Group, Metric, Sums};
use rust_decimal::{Decimal, prelude::ToPrimitive as _};
use schemars::JsonSchema;
use serde::Serialize;

use crate::coverage::{Books, State, VendorCoverage, is_meant};

/// Most points of all lines together.
pub const POINTS_MAX: usize = 20_000;

/// The values of a line's dimensions.
type Key = Vec<Option<String>>;

/// Intervals that a vendor may be late; one that is silent for longer has stopped.
const LATE_INTERVALS_MAX: usize = 3;

/// One line of a breakdown, from its first sale to the last interval that is complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub key: Vec<Option<String>>,
    pub starts: Vec<NaiveDate>,
    /// Of the metric; a figure that is not known begins the line anew.
    pub values: Vec<Decimal>,
}

/// Everything that statistics can look at.
#[derive(Debug)]
pub struct History {
    pub lines: Vec<Line>,
    /// The last day that counts.
    pub until: Option<NaiveDate>,
    pub left_out: Vec<LeftOut>,
}

/// An interval at the end that is not whole yet.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub struct LeftOut {
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
    /// For statistics, which estimate.
    #[must_use]
    pub fn floats(&self) -> Vec<f64> {
        self.values.iter().map(|value| value.to_f64().unwrap_or_default()).collect()
    }
}

/// Intervals after which sales repeat; one has none.
#[must_use]
pub fn season(interval: Dimension) -> Option<usize> {
    match interval {
        Dimension::Day => Some(7),
        Dimension::Week => Some(52),
        Dimension::Month => Some(12),
        Dimension::Quarter => Some(4),
        Dimension::Year => Some(1),
        _ => None,
    }
}

/// The lines of groups whose first dimension is the interval; `None` when they have more than [`POINTS_MAX`] points.
#[must_use]
pub fn of(
    books: &Books,
    asked: &Analysis,
    (metric, interval): (Metric, Dimension),
    groups: Vec<Group>,
    today: NaiveDate,
) -> Option<History> {
    let points = points(interval, groups, (None, asked.to))?;
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
            () if lacks(books, asked, (start, end), today, recently) => Reason::NotReported,
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
    Some(History { lines, until, left_out })
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

/// Every line at every interval from the first to the last that is asked for or known; `None` when these are more than
/// [`POINTS_MAX`]. The first dimension of the groups is the interval.
#[must_use]
pub fn points(
    interval: Dimension,
    groups: Vec<Group>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Option<Vec<(NaiveDate, Key, Sums)>> {
    let mut lines: BTreeMap<Key, BTreeMap<NaiveDate, Sums>> = BTreeMap::new();
    for Group { mut key, sums } in groups {
        let line = key.split_off(1);
        let start = key.first().and_then(Option::as_deref).and_then(|day| day.parse().ok());
        if let Some(start) = start {
            lines.entry(line).or_default().insert(start, sums);
        }
    }
    let starts = || lines.values().flat_map(BTreeMap::keys).copied();
    // A fiscal year begins wherever the organisation says: only the database knows, so only what is known is shown.
    let aligned = |day: Option<NaiveDate>| day.and_then(|day| interval.beginning(day)).into_iter();
    let (Some(first), Some(last)) = (aligned(from).chain(starts()).min(), aligned(to).chain(starts()).max())
    else {
        return Some(Vec::new());
    };
    let mut intervals = vec![first];
    while let Some(next) =
        intervals.last().and_then(|start| interval.next(*start)).filter(|next| *next <= last)
    {
        intervals.push(next);
        if intervals.len() * lines.len().max(1) > POINTS_MAX {
            return None;
        }
    }
    if lines.is_empty() {
        lines.insert(Vec::new(), BTreeMap::new());
    }
    Some(
        lines
            .into_iter()
            .flat_map(|(line, mut known)| {
                let at = |start: &NaiveDate| (*start, line.clone(), known.remove(start).unwrap_or_default());
                intervals.iter().map(at).collect::<Vec<_>>()
            })
            .collect(),
    )
}
