//! Spans of days: unions, what lies between, and what is left of one after others are taken out.

use chrono::{Days, NaiveDate};
use domain::Period;

/// `count` days later, or the last day there is.
pub(super) fn later(date: NaiveDate, count: u64) -> NaiveDate {
    date.checked_add_days(Days::new(count)).unwrap_or(NaiveDate::MAX)
}

/// The day after, or the last day there is.
pub(super) fn next(date: NaiveDate) -> NaiveDate {
    later(date, 1)
}

/// From `start` to `end`; `None` when that is no day at all.
pub(super) fn span(start: NaiveDate, end: NaiveDate) -> Option<Period> {
    Period::new(start, end).ok()
}

pub(super) fn length(span: Period) -> i64 {
    (span.end() - span.start()).num_days() + 1
}

/// The same days as spans that neither touch nor overlap, in order.
pub(super) fn union(mut spans: Vec<Period>) -> Vec<Period> {
    spans.sort_unstable();
    let mut merged: Vec<Period> = Vec::with_capacity(spans.len());
    for next_span in spans {
        match merged.last_mut() {
            Some(last) if next_span.start() <= next(last.end()) => {
                let end = last.end().max(next_span.end());
                if let Some(longer) = span(last.start(), end) {
                    *last = longer;
                }
            }
            _ => merged.push(next_span),
        }
    }
    merged
}

/// The days between spans that a union gave.
pub(super) fn between(spans: &[Period]) -> Vec<Period> {
    let gap = |pair: &[Period]| span(next(pair[0].end()), pair[1].start().pred_opt()?);
    spans.windows(2).filter_map(gap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    fn march(start: u32, end: u32) -> Period {
        span(day(start), day(end)).unwrap()
    }

    #[test]
    fn touching_and_overlapping_spans_become_one() {
        let merged = union(vec![march(10, 12), march(1, 3), march(4, 5), march(2, 2), march(11, 15)]);
        assert_eq!(merged, [march(1, 5), march(10, 15)]);
        assert_eq!(between(&merged), [march(6, 9)]);
        assert_eq!(length(march(6, 9)), 4);
    }

    #[test]
    fn the_last_day_there_is_has_no_day_after() {
        assert_eq!(next(NaiveDate::MAX), NaiveDate::MAX);
        assert_eq!(span(day(2), day(1)), None);
    }
}
