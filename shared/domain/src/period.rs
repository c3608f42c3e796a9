//! Reporting periods: both ends inclusive, as in the API.

use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A span of days, both ends inclusive. A period that crosses the end of a month counts where its last day lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "RawPeriod")]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

/// Not a period, or one that ends before it starts.
#[derive(Debug, thiserror::Error)]
#[error(
    "a period is a month such as 2026-01, a day, or two days such as 2026-01-04/2026-01-10, the last one not before the first"
)]
pub struct InvalidPeriod;

#[derive(Deserialize, JsonSchema)]
struct RawPeriod {
    start: NaiveDate,
    end: NaiveDate,
}

impl TryFrom<RawPeriod> for Period {
    type Error = InvalidPeriod;

    fn try_from(raw: RawPeriod) -> Result<Self, Self::Error> {
        Self::new(raw.start, raw.end)
    }
}

impl FromStr for Period {
    type Err = InvalidPeriod;

    /// As people state it: `2026-01`, `2026-01-04`, `2026-01-04/2026-01-10`, `2026-01-04..2026-01-10`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let ends = text.split_once('/').or_else(|| text.split_once(".."));
        let (first, last) = match ends {
            Some((first, last)) => (first.trim(), last.trim()),
            None if text.len() == "2026-01".len() => {
                let first: NaiveDate = format!("{text}-01").parse().map_err(|_| InvalidPeriod)?;
                return Self::month(first.year(), first.month()).ok_or(InvalidPeriod);
            }
            None => (text, text),
        };
        let day = |text: &str| text.parse::<NaiveDate>().map_err(|_| InvalidPeriod);
        Self::new(day(first)?, day(last)?)
    }
}

impl Period {
    /// # Errors
    /// When `end` lies before `start`.
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, InvalidPeriod> {
        if end < start { Err(InvalidPeriod) } else { Ok(Self { start, end }) }
    }

    /// One day.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self { start: date, end: date }
    }

    /// A calendar month; `None` for a month that does not exist.
    #[must_use]
    pub fn month(year: i32, month: u32) -> Option<Self> {
        Self::months(year, month, 1)
    }

    /// `count` calendar months from the given one, for example a quarter.
    #[must_use]
    pub fn months(year: i32, month: u32, count: u32) -> Option<Self> {
        let start = NaiveDate::from_ymd_opt(year, month, 1)?;
        let end = start.checked_add_months(Months::new(count))?.pred_opt()?;
        Self::new(start, end).ok()
    }

    /// The seven days before `date`: what a weekly file dated `date` reports.
    #[must_use]
    pub fn week_before(date: NaiveDate) -> Option<Self> {
        Some(Self { start: date.checked_sub_days(Days::new(7))?, end: date.pred_opt()? })
    }

    /// First day.
    #[must_use]
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// Last day, inclusive.
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        self.end
    }

    /// First day of the month in which the last day lies: the month whose exchange rate applies.
    #[must_use]
    pub fn rate_month(&self) -> NaiveDate {
        self.end.with_day(1).unwrap_or(self.end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_weekly_file_reports_the_seven_days_before_its_date() {
        let sunday = NaiveDate::from_ymd_opt(2026, 1, 4).unwrap();
        let week = Period::week_before(sunday).unwrap();
        assert_eq!(
            (week.start().to_string(), week.end().to_string()),
            ("2025-12-28".into(), "2026-01-03".into())
        );
    }

    #[test]
    fn a_reversed_period_is_refused_even_from_json() {
        assert!(serde_json::from_str::<Period>(r#"{"start":"2026-02-01","end":"2026-01-01"}"#).is_err());
    }

    #[test]
    fn a_period_is_read_as_people_state_it() {
        let january = Period::month(2026, 1).unwrap();
        for text in
            ["2026-01", " 2026-01-01/2026-01-31 ", "2026-01-01..2026-01-31", "2026-01-01 / 2026-01-31"]
        {
            assert_eq!(text.parse::<Period>().unwrap(), january, "{text}");
        }
        assert_eq!("2026-01-04".parse::<Period>().unwrap().start().to_string(), "2026-01-04");
        for text in ["", "2026", "2026-13", "January", "2026-02-30", "2026-01-31/2026-01-01", "04.01.2026"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn months_begin_on_the_first_and_end_before_the_next_first(year in 1990i32..2100, month in 1u32..=12) {
            let period = Period::month(year, month).unwrap();
            prop_assert_eq!(period.start().day(), 1);
            prop_assert_eq!(period.end().succ_opt().unwrap().day(), 1);
            prop_assert_eq!(period.rate_month(), period.start());
        }
    }
}
