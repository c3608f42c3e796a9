//! Days in relation to a day.

use std::{borrow::Cow, fmt, str::FromStr};

use chrono::{Datelike as _, Days, Months, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::metrics::{Dimension, Span};

/// Days in relation to the one on which something is due.
///
/// Weeks begin on Mondays. Full ones have ended before the due day; those to date end with it. Fiscal ones begin with the month that
/// the organisation says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RelativePeriod {
    PreviousDay,
    /// So many, the last of which is the one before the due day.
    LastDays(u16),
    LastFullWeek,
    LastFullMonth,
    LastFullQuarter,
    LastFullYear,
    LastFullFiscalQuarter,
    LastFullFiscalYear,
    WeekToDate,
    MonthToDate,
    QuarterToDate,
    YearToDate,
    FiscalQuarterToDate,
    FiscalYearToDate,
}

const WORDS: [(&str, RelativePeriod); 13] = [
    ("previous_day", RelativePeriod::PreviousDay),
    ("last_full_week", RelativePeriod::LastFullWeek),
    ("last_full_month", RelativePeriod::LastFullMonth),
    ("last_full_quarter", RelativePeriod::LastFullQuarter),
    ("last_full_year", RelativePeriod::LastFullYear),
    ("last_full_fiscal_quarter", RelativePeriod::LastFullFiscalQuarter),
    ("last_full_fiscal_year", RelativePeriod::LastFullFiscalYear),
    ("week_to_date", RelativePeriod::WeekToDate),
    ("month_to_date", RelativePeriod::MonthToDate),
    ("quarter_to_date", RelativePeriod::QuarterToDate),
    ("year_to_date", RelativePeriod::YearToDate),
    ("fiscal_quarter_to_date", RelativePeriod::FiscalQuarterToDate),
    ("fiscal_year_to_date", RelativePeriod::FiscalYearToDate),
];

/// A leap year.
const LAST_DAYS_MAX: u16 = 366;

impl RelativePeriod {
    /// The days that are meant on a due day, for an organisation whose fiscal years begin with this month, 1 to 12.
    #[must_use]
    pub fn on(self, day: NaiveDate, fiscal_begins: u32) -> Span {
        let yesterday = day.pred_opt().unwrap_or(day);
        match self {
            Self::PreviousDay => Span { from: yesterday, to: yesterday },
            Self::LastDays(days) => {
                Span { from: day.checked_sub_days(Days::new(days.into())).unwrap_or(day), to: yesterday }
            }
            Self::LastFullWeek => full(day, |day| beginning(Dimension::Week, day)),
            Self::LastFullMonth => full(day, |day| beginning(Dimension::Month, day)),
            Self::LastFullQuarter => full(day, |day| beginning(Dimension::Quarter, day)),
            Self::LastFullYear => full(day, |day| beginning(Dimension::Year, day)),
            Self::LastFullFiscalQuarter => full(day, |day| fiscal(day, 3, fiscal_begins)),
            Self::LastFullFiscalYear => full(day, |day| fiscal(day, 12, fiscal_begins)),
            Self::WeekToDate => Span { from: beginning(Dimension::Week, day), to: day },
            Self::MonthToDate => Span { from: beginning(Dimension::Month, day), to: day },
            Self::QuarterToDate => Span { from: beginning(Dimension::Quarter, day), to: day },
            Self::YearToDate => Span { from: beginning(Dimension::Year, day), to: day },
            Self::FiscalQuarterToDate => Span { from: fiscal(day, 3, fiscal_begins), to: day },
            Self::FiscalYearToDate => Span { from: fiscal(day, 12, fiscal_begins), to: day },
        }
    }
}

/// The interval before the one that a day lies in.
fn full(day: NaiveDate, beginning: impl Fn(NaiveDate) -> NaiveDate) -> Span {
    let current = beginning(day);
    let to = current.pred_opt().unwrap_or(current);
    Span { from: beginning(to), to }
}

fn beginning(interval: Dimension, day: NaiveDate) -> NaiveDate {
    interval.beginning(day).unwrap_or(day)
}

/// The first day of the interval of so many months that a day lies in, counted from the month that fiscal years begin with.
fn fiscal(day: NaiveDate, months: u32, begins: u32) -> NaiveDate {
    let into = (day.month() + 12 - begins) % months;
    day.with_day(1).and_then(|first| first.checked_sub_months(Months::new(into))).unwrap_or(day)
}

impl fmt::Display for RelativePeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, WORDS.iter().find(|(_, period)| period == self)) {
            (Self::LastDays(days), _) => write!(f, "last_{days}_days"),
            (_, Some((word, _))) => f.write_str(word),
            (_, None) => Err(fmt::Error),
        }
    }
}

impl FromStr for RelativePeriod {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, period)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*period);
        }
        let days = text.strip_prefix("last_").and_then(|rest| rest.strip_suffix("_days"));
        match days.and_then(|days| days.parse().ok()) {
            Some(days @ 1..=LAST_DAYS_MAX) => Ok(Self::LastDays(days)),
            _ => {
                let words: Vec<_> = WORDS.iter().map(|(word, _)| *word).collect();
                Err(format!(
                    "A period is one of {}, or last_7_days up to last_{LAST_DAYS_MAX}_days.",
                    words.join(", ")
                ))
            }
        }
    }
}

impl TryFrom<String> for RelativePeriod {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<RelativePeriod> for String {
    fn from(period: RelativePeriod) -> Self {
        period.to_string()
    }
}

impl JsonSchema for RelativePeriod {
    fn schema_name() -> Cow<'static, str> {
        "RelativePeriod".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = WORDS.map(|(word, _)| word).join("|");
        json_schema!({
            "type": "string",
            "pattern": format!("^({words}|last_[1-9][0-9]{{0,2}}_days)$"),
            "examples": ["last_full_month", "last_full_week", "previous_day", "month_to_date", "last_30_days"],
        })
    }
}
