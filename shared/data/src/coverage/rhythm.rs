//! The steps in which a vendor reports, learned from what it has reported.

use chrono::{Datelike, Months, NaiveDate, Weekday};
use domain::Period;

use super::{
    Reported,
    days::{self, later},
};

/// A vendor may change its rhythm: only so many of its latest periods are looked at.
const PERIODS_LOOKED_AT: usize = 12;
/// One period alone could be anything.
const PERIODS_NEEDED: usize = 2;

/// Length and boundaries of a vendor's periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rhythm {
    Daily,
    /// Seven days that begin on this one.
    Weekly(Weekday),
    /// Calendar months.
    Monthly,
    /// Calendar quarters.
    Quarterly,
}

impl Rhythm {
    /// The rhythm of more than half of the latest periods; `None` when there are too few or they have none.
    pub(super) fn learn(reported: &[Reported]) -> Option<Self> {
        if reported.iter().any(|reported| reported.increment) {
            return Some(Self::Daily);
        }
        let mut latest: Vec<Period> = reported.iter().map(|reported| reported.period).collect();
        latest.sort_unstable_by_key(|period| std::cmp::Reverse((period.end(), period.start())));
        latest.truncate(PERIODS_LOOKED_AT);
        let rhythms: Vec<Self> = latest.iter().filter_map(|period| Self::of(*period)).collect();
        let seen = |rhythm: &Self| rhythms.iter().filter(|other| *other == rhythm).count();
        rhythms
            .iter()
            .copied()
            .find(|rhythm| seen(rhythm) >= PERIODS_NEEDED && 2 * seen(rhythm) > latest.len())
    }

    /// The rhythm one period alone points to.
    fn of(period: Period) -> Option<Self> {
        let start = period.start();
        let calendar = |months| Period::months(start.year(), start.month(), months) == Some(period);
        match days::length(period) {
            1 => Some(Self::Daily),
            7 => Some(Self::Weekly(start.weekday())),
            _ if calendar(1) => Some(Self::Monthly),
            _ if calendar(3) && start.month() % 3 == 1 => Some(Self::Quarterly),
            _ => None,
        }
    }

    /// Last day of the step that holds `date`.
    pub(super) fn step_end(self, date: NaiveDate) -> NaiveDate {
        let months = match self {
            Self::Daily => return date,
            Self::Weekly(first) => {
                let into = date.weekday().days_since(first);
                return later(date, u64::from(6 - into));
            }
            Self::Monthly => 1,
            Self::Quarterly => 3 - date.month0() % 3,
        };
        let end =
            date.with_day(1).and_then(|first| first.checked_add_months(Months::new(months))?.pred_opt());
        end.unwrap_or(NaiveDate::MAX)
    }

    /// The steps that a span of days is made of; the first and the last may be cut by it.
    pub(super) fn steps(self, span: Period) -> Vec<Period> {
        let mut steps = Vec::new();
        let mut start = span.start();
        while let Some(step) = days::span(start, self.step_end(start).min(span.end())) {
            start = days::next(step.end());
            let last = step.end() >= span.end();
            steps.push(step);
            if last {
                break;
            }
        }
        steps
    }

    /// Days a delivery may come later than usual before it is called overdue.
    pub(super) fn tolerance(self) -> u64 {
        match self {
            Self::Daily => 2,
            Self::Weekly(_) => 3,
            Self::Monthly => 7,
            Self::Quarterly => 14,
        }
    }
}
