//! The days a question is about.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use edge::ApiError;
use schemars::JsonSchema;
use serde::Serialize;

use crate::asked::refused;

/// Longest span of days that can be asked for: about twenty years.
const DAYS_MAX: i64 = 7_320;

/// Days, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Span {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Span {
    /// `None` unless both ends are given.
    ///
    /// # Errors
    /// 400 when they are out of order or too far apart.
    pub(crate) fn of(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Option<Self>, ApiError> {
        let (Some(from), Some(to)) = (from, to) else { return Ok(None) };
        let days = (to - from).num_days() + 1;
        if days < 1 {
            return Err(refused("to", "to lies before from."));
        }
        if days > DAYS_MAX {
            return Err(refused("to", "The span from `from` to `to` is longer than twenty years."));
        }
        Ok(Some(Self { from, to }))
    }

    /// The span before: as many whole months where it is of whole months, else as many days.
    pub(crate) fn before(self) -> Option<Self> {
        let to = self.from.pred_opt()?;
        if let Some(months) = self.whole_months() {
            return Some(Self { from: self.from.checked_sub_months(Months::new(months))?, to });
        }
        let days = u64::try_from((self.to - self.from).num_days()).ok()?;
        Some(Self { from: to.checked_sub_days(Days::new(days))?, to })
    }

    /// The same days a year ago; what ends with its month does so then.
    pub(crate) fn year_before(self) -> Option<Self> {
        let year = Months::new(12);
        let mut to = self.to.checked_sub_months(year)?;
        if is_last_of_month(self.to) {
            to = last_of_month(to)?;
        }
        Some(Self { from: self.from.checked_sub_months(year)?, to })
    }

    fn whole_months(self) -> Option<u32> {
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
