//! How long after the end of a period a vendor's file usually comes, and how much it usually brings.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Period;

use super::{
    Reported, Rhythm,
    days::{self, later},
};

/// Fewer arrivals on days of their own say nothing about what is usual.
const ARRIVALS_NEEDED: usize = 3;
/// Habits change: only so many of the latest arrivals are looked at.
const ARRIVALS_LOOKED_AT: usize = 8;

/// What is usual for the deliveries of a vendor.
///
/// An arrival is a day on which something newer than ever before was reported; a backlog of years that is uploaded in one
/// day is one arrival, and corrections are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrivals {
    /// How many were seen.
    pub seen: usize,
    /// Days from the end of the newest period to its arrival: the median of the latest arrivals. `None` while too few
    /// were seen to say.
    pub usual_delay_days: Option<u64>,
    /// Steps of the rhythm that a delivery usually brings: a vendor may send four weeks once a month.
    usual_steps: usize,
}

impl Arrivals {
    pub(super) fn learn(reported: &[Reported], rhythm: Option<Rhythm>) -> Self {
        let observed = observe(reported);
        let latest = &observed[observed.len().saturating_sub(ARRIVALS_LOOKED_AT)..];
        let delays = latest.iter().map(|(arrived, newest)| (*arrived - *newest).num_days().max(0)).collect();
        let steps = |pair: &[(NaiveDate, NaiveDate)]| {
            let brought = days::span(days::next(pair[0].1), pair[1].1)?;
            Some(rhythm?.steps(brought).len())
        };
        Self {
            seen: observed.len(),
            usual_delay_days: median(delays)
                .filter(|_| observed.len() >= ARRIVALS_NEEDED && rhythm.is_some())
                .and_then(|days| u64::try_from(days).ok()),
            usual_steps: median(latest.windows(2).filter_map(steps).collect()).unwrap_or(1).max(1),
        }
    }

    /// The day after which something is overdue whose last day is `end`; `None` while nothing is usual yet.
    pub(super) fn due_on(&self, rhythm: Rhythm, end: NaiveDate) -> Option<NaiveDate> {
        Some(later(end, self.usual_delay_days?.saturating_add(rhythm.tolerance())))
    }

    /// Steps that follow the last reported day, as the deliveries they should come with; each with its last day.
    pub(super) fn deliveries(&self, rhythm: Rhythm, open: Period) -> Vec<(Vec<Period>, NaiveDate)> {
        let steps = rhythm.steps(open);
        let end = |steps: &[Period]| {
            let rest = steps.last().map_or(open.end(), Period::end);
            let to_come = self.usual_steps.saturating_sub(steps.len());
            (0..to_come).fold(rhythm.step_end(rest), |end, _| rhythm.step_end(days::next(end)))
        };
        steps.chunks(self.usual_steps).map(|steps| (steps.to_vec(), end(steps))).collect()
    }
}

/// Day of arrival and the newest day it brought, in order of time.
fn observe(reported: &[Reported]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut newest_by_day: BTreeMap<NaiveDate, NaiveDate> = BTreeMap::new();
    for Reported { first_stated_on, period, .. } in reported {
        let newest = newest_by_day.entry(*first_stated_on).or_insert(period.end());
        *newest = period.end().max(*newest);
    }
    let mut observed: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (arrived, newest) in newest_by_day {
        if observed.last().is_none_or(|(_, before)| newest > *before) {
            observed.push((arrived, newest));
        }
    }
    observed
}

/// The larger one of the two in the middle.
fn median<T: Ord + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
