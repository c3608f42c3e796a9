//! What one cell or name says about time: a whole period, or a part of one that other cells complete.

use chrono::{Datelike, NaiveDate};
use domain::Period;
use rust_decimal::prelude::ToPrimitive;

use crate::{cell::Cell, date, file_name, month, span};

/// A period, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    Span(Period),
    /// A month without its year.
    Month(u32),
    Quarter(u32),
    /// A calendar week without its year.
    Week(u32),
    Year(i32),
    Day(NaiveDate),
}

impl Time {
    /// The whole period, with a year from elsewhere where this one lacks it.
    pub(crate) fn with_year(self, year: Option<i32>) -> Option<Period> {
        match self {
            Self::Span(period) => Some(period),
            Self::Month(month) => Period::month(year?, month),
            Self::Quarter(quarter) => Period::months(year?, quarter * 3 - 2, 3),
            Self::Week(week) => span::iso_week(year?, week),
            Self::Year(year) => Period::months(year, 1, 12),
            Self::Day(day) => Some(Period::day(day)),
        }
    }

    /// Whether another time lies within this one.
    pub(crate) fn contains(self, other: Option<Self>) -> bool {
        let span = self.with_year(None);
        let inner = other.and_then(|other| other.with_year(None));
        span.zip(inner)
            .is_some_and(|(span, inner)| span.start() <= inner.start() && inner.end() <= span.end())
    }

    pub(crate) fn year(self) -> Option<i32> {
        match self {
            Self::Span(period) => Some(period.end().year()),
            Self::Year(year) => Some(year),
            Self::Day(day) => Some(day.year()),
            Self::Month(_) | Self::Quarter(_) | Self::Week(_) => None,
        }
    }
}

/// The time that a cell states and nothing besides: `Jan`, `2026`, `Apr 2026`, `березня-25`, a date.
pub(crate) fn of_cell(cell: &Cell) -> Option<Time> {
    match cell {
        Cell::Date(day) => Some(Time::Day(*day)),
        Cell::Number(number) if number.is_integer() => of_number(number.to_i64()?),
        Cell::Text(text) => of_text(text),
        Cell::Number(_) | Cell::Bool(_) | Cell::Error(_) => None,
    }
}

/// A year, or a month written as `202604`.
fn of_number(number: i64) -> Option<Time> {
    let number = i32::try_from(number).ok()?;
    if is_year(number) {
        return Some(Time::Year(number));
    }
    let (year, month) = (number / 100, u32::try_from(number % 100).ok()?);
    if let Some(period) = Period::month(year, month).filter(|_| is_year(year)) {
        return Some(Time::Span(period));
    }
    // The first day of a month whose cell lost its format.
    let day = date::from_serial(number.into())?;
    Some(Time::Day(day)).filter(|_| day.day() == 1 && is_year(day.year()))
}

/// The month of a day that is the first of a month in one reading only: `01/02/2026` is the first of February.
pub(crate) fn first_of_month(text: &str) -> Option<Time> {
    let readings = [date::Order::DayFirst, date::Order::MonthFirst].map(|order| date::parse(text, order));
    let mut firsts = readings.into_iter().flatten().filter(|day| day.day() == 1 && is_year(day.year()));
    firsts.next().filter(|_| firsts.next().is_none()).map(Time::Day)
}

/// `S10`, `v 10`: a week, where the words beside it are weeks, too.
pub(crate) fn short_week(text: &str) -> Option<Time> {
    let number = text.trim().strip_prefix(['S', 's', 'V', 'v', 'T', 't'])?.trim_start();
    let number: u32 = number.parse().ok().filter(|_| number.len() <= 2)?;
    (1..=53).contains(&number).then_some(Time::Week(number))
}

pub(crate) fn is_year(number: i32) -> bool {
    (2000..2100).contains(&number)
}

pub(crate) fn of_text(text: &str) -> Option<Time> {
    /// Longer texts are titles.
    const MAX_CHARS: usize = 24;
    let text = text.trim().trim_end_matches('.').trim_end();
    if text.is_empty() || text.chars().count() > MAX_CHARS {
        return None;
    }
    if let Ok(number) = text.parse() {
        return of_number(number);
    }
    if let Some(month) = month::by_name(text) {
        return Some(Time::Month(month));
    }
    if let Some(quarter) = quarter(text) {
        return Some(Time::Quarter(quarter));
    }
    if let Some(week) = span::week_number(text) {
        return Some(Time::Week(week));
    }
    if let [span] = span::spans(text)[..] {
        return Some(Time::Span(span));
    }
    if only_time(text)
        && let Some(period) = file_name::period_in_text(text)
    {
        return Some(Time::Span(period));
    }
    date::parse(text, date::Order::DayFirst)
        .filter(|day| is_year(day.year()) && !is_ambiguous(text, *day))
        .map(Time::Day)
}

fn quarter(text: &str) -> Option<u32> {
    let digit = text.strip_prefix(['Q', 'q', 'K', 'k']).or_else(|| text.strip_suffix(['Q', 'q']))?;
    digit.trim().parse().ok().filter(|quarter| (1..=4).contains(quarter))
}

/// Whether nothing but a month, quarter and year stand in the text: `Sales Apr 2026` is a title.
fn only_time(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.into_iter().all(|word| {
        let word = word.to_lowercase();
        month::by_name(&word).is_some()
            || matches!(word.as_str(), "q" | "de" | "r" | "р" | "рік" | "року" | "rok")
    })
}

/// `03/04/2026` may be in March or April; `01/01/2026` is not in doubt.
fn is_ambiguous(text: &str, day: NaiveDate) -> bool {
    text.contains('/') && day.day() <= 12 && day.day() != day.month()
}

/// Every year, in full, that stands in a text: `product ranking_2024-25` has 2024.
pub(crate) fn years_in(text: &str) -> Vec<i32> {
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
    let mut years: Vec<i32> = runs.filter_map(|run| run.parse().ok()).filter(|year| is_year(*year)).collect();
    years.sort_unstable();
    years.dedup();
    years
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Some(match of_text(text)? {
            Time::Span(period) => format!("{}/{}", period.start(), period.end()),
            Time::Day(day) => day.to_string(),
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn header_cells_state_a_period_or_a_part_of_one() {
        for (text, time) in [
            ("Jan", "Month(1)"),
            ("sept", "Month(9)"),
            ("sep ", "Month(9)"),
            ("2026", "Year(2026)"),
            ("202604", "2026-04-01/2026-04-30"),
            ("Apr 2026", "2026-04-01/2026-04-30"),
            ("2026 April", "2026-04-01/2026-04-30"),
            ("березня-25", "2025-03-01/2025-03-31"),
            ("січень 2026 р.", "2026-01-01/2026-01-31"),
            ("styczeń 2026", "2026-01-01/2026-01-31"),
            ("2026-04", "2026-04-01/2026-04-30"),
            ("04/2026", "2026-04-01/2026-04-30"),
            ("Q2", "Quarter(2)"),
            ("Q2 2026", "2026-04-01/2026-06-30"),
            ("01.01.2026", "2026-01-01"),
            ("2026-02-01", "2026-02-01"),
            ("01/01/2026", "2026-01-01"),
        ] {
            assert_eq!(read(text).as_deref(), Some(time), "{text}");
        }
    }

    #[test]
    fn other_cells_state_no_time() {
        for text in [
            "Total",
            "MoM",
            "TOTAL 2024",
            "Sales Apr 2026",
            "share",
            "12",
            "1960",
            "Qty",
            "30 ml",
            "03/04/2026",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn years_are_found_in_names() {
        assert_eq!(years_in("product ranking_2024-25"), [2024]);
        assert_eq!(years_in("TOTAL 2024"), [2024]);
        assert_eq!(years_in("TDSheet"), [0; 0]);
    }
}
