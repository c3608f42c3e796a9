//! Spans of days, and the intervals that time is cut into.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Dimension;

/// Days, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Span {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Span {
    /// The span before: as many whole months where it is of whole months, else as many days.
    #[must_use]
    pub fn before(self) -> Option<Self> {
        let to = self.from.pred_opt()?;
        if let Some(months) = self.whole_months() {
            return Some(Self { from: self.from.checked_sub_months(Months::new(months))?, to });
        }
        let days = u64::try_from((self.to - self.from).num_days()).ok()?;
        Some(Self { from: to.checked_sub_days(Days::new(days))?, to })
    }

    /// The same days a year ago; what ends with its month does so then.
    #[must_use]
    pub fn year_before(self) -> Option<Self> {
        let year = Months::new(12);
        let mut to = self.to.checked_sub_months(year)?;
        if is_last_of_month(self.to) {
            to = last_of_month(to)?;
        }
        Some(Self { from: self.from.checked_sub_months(year)?, to })
    }

    /// How many months it consists of, when it begins and ends with months.
    #[must_use]
    pub fn whole_months(self) -> Option<u32> {
        let count = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0);
        let whole = self.from.day() == 1 && is_last_of_month(self.to);
        u32::try_from(count(self.to) - count(self.from) + 1).ok().filter(|_| whole)
    }
}

fn is_last_of_month(day: NaiveDate) -> bool {
    day.succ_opt().is_some_and(|next| next.day() == 1)
}

fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// Dimensions of time cut it into intervals. A fiscal year begins wherever the organisation says: only the database knows.
impl Dimension {
    /// The first day of the interval that a day lies in.
    #[must_use]
    pub fn beginning(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())),
            Self::Month => day.with_day(1),
            Self::Quarter => day.with_day(1)?.with_month0(day.month0() / 3 * 3),
            Self::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
            _ => None,
        }
    }

    /// The first day of the interval after the one that begins here.
    #[must_use]
    pub fn next(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => start.succ_opt(),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
            _ => start.checked_add_months(Months::new(12)),
        }
    }

    /// The last day of the interval that begins here.
    #[must_use]
    pub fn end(self, start: NaiveDate) -> NaiveDate {
        self.next(start).and_then(|next| next.pred_opt()).unwrap_or(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: &str, to: &str) -> Span {
        Span { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    #[test]
    fn whole_months_are_compared_with_whole_months_and_days_with_days() {
        for (now, before, year_before) in [
            (("2026-02-01", "2026-02-28"), ("2026-01-01", "2026-01-31"), ("2025-02-01", "2025-02-28")),
            (("2026-01-01", "2026-03-31"), ("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
            (("2025-02-01", "2025-02-28"), ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
            (("2024-02-29", "2024-02-29"), ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
            (("2026-03-10", "2026-03-16"), ("2026-03-03", "2026-03-09"), ("2025-03-10", "2025-03-16")),
        ] {
            let asked = span(now.0, now.1);
            assert_eq!(asked.before(), Some(span(before.0, before.1)), "{now:?}");
            assert_eq!(asked.year_before(), Some(span(year_before.0, year_before.1)), "{now:?}");
        }
    }
}
