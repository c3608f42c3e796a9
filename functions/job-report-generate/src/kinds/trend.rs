//! Figures over time, up to the end of the report.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};
use data::{Tenant, analytics};
use domain::metrics::{Analysis, Dimension, Metric, Span, Sums};
use reporting::document::{Chart, ChartKind, Series};
use rust_decimal::Decimal;

use super::{Scope, unit};
use crate::make::Fault;

/// How many intervals are drawn: a year and the one to compare with.
const INTERVALS: u32 = 13;
/// A report about fewer days than this is drawn by weeks.
const DAYS_OF_MONTHS: i64 = 28;

/// Sums by interval, and those of a year before.
#[derive(Debug, Clone, Default)]
pub(super) struct Trend {
    intervals: Vec<Interval>,
    pub(super) span: Option<Span>,
    is_weekly: bool,
}

#[derive(Debug, Clone)]
struct Interval {
    start: NaiveDate,
    /// `None`: nothing was booked.
    now: Option<Sums>,
    last_year: Option<Sums>,
}

impl Trend {
    /// The intervals up to the end of the report, whatever its beginning.
    pub(super) async fn load(tenant: &mut Tenant, scope: &Scope, analysis: &Analysis) -> Result<Self, Fault> {
        let Span { from, to } = scope.span;
        let is_weekly = (to - from).num_days() + 1 < DAYS_OF_MONTHS;
        let interval = if is_weekly { Dimension::Week } else { Dimension::Month };
        let Some(last) = interval.beginning(to) else { return Ok(Self::default()) };
        let starts: Vec<NaiveDate> =
            (0..INTERVALS).rev().filter_map(|back| step_back(last, is_weekly, back)).collect();
        let Some(first) = starts.first().copied() else { return Ok(Self::default()) };
        let before = |day: NaiveDate| match is_weekly {
            // 52 weeks: weeks begin on the same weekday then.
            true => day.checked_sub_days(Days::new(364)),
            false => day.checked_sub_months(Months::new(12)),
        };
        let begin = before(first).unwrap_or(first);
        let sums = by_interval(tenant, analysis, interval, Span { from: begin, to }).await?;
        let intervals = starts
            .into_iter()
            .map(|start| Interval {
                start,
                now: sums.get(&start).cloned(),
                last_year: before(start).and_then(|start| sums.get(&start).cloned()),
            })
            .collect();
        Ok(Self { intervals, span: Some(Span { from: first, to }), is_weekly })
    }

    /// A metric interval by interval.
    pub(super) fn values(&self, metric: Metric) -> Vec<Option<Decimal>> {
        self.intervals.iter().map(|interval| value(metric, interval.now.as_ref())).collect()
    }

    /// A metric over time, with last year behind it.
    pub(super) fn chart(&self, metric: Metric, note: Option<String>) -> Chart {
        let pattern = if self.is_weekly { "W%V %G" } else { "%b %y" };
        let then = self.intervals.iter().map(|interval| value(metric, interval.last_year.as_ref()));
        let then = Series::new("A year before", then.collect());
        let now = Series::new(metric.definition().title, self.values(metric));
        let mut series = vec![now];
        if then.values.iter().any(Option::is_some) {
            series.push(then.background());
        }
        let per = if self.is_weekly { "week" } else { "month" };
        Chart {
            title: format!("{} by {per}", metric.definition().title),
            kind: ChartKind::Line,
            categories: self
                .intervals
                .iter()
                .map(|interval| interval.start.format(pattern).to_string())
                .collect(),
            series,
            unit: unit(metric),
            note,
        }
    }
}

fn step_back(day: NaiveDate, is_weekly: bool, intervals: u32) -> Option<NaiveDate> {
    match is_weekly {
        true => day.checked_sub_days(Days::new(u64::from(intervals) * 7)),
        false => day.checked_sub_months(Months::new(intervals)),
    }
}

fn value(metric: Metric, sums: Option<&Sums>) -> Option<Decimal> {
    sums.and_then(|sums| metric.value(sums).known())
}

async fn by_interval(
    tenant: &mut Tenant,
    analysis: &Analysis,
    interval: Dimension,
    span: Span,
) -> Result<BTreeMap<NaiveDate, Sums>, Fault> {
    let analysis = analysis.clone().within(span.from, span.to).by(&[interval]);
    let mut sums = BTreeMap::new();
    for group in analytics::groups(tenant, &analysis).await? {
        if let Some(start) = group.key.first().and_then(|day| day.as_deref()?.parse().ok()) {
            sums.insert(start, group.sums);
        }
    }
    Ok(sums)
}
