//! Days and months in digits.

use chrono::NaiveDate;
use domain::metrics::{Dimension, Span};

use super::{
    Point, label_of,
    month::month,
    month_of,
    year::{short_year, year_number},
};

/// `01/10/2025`, which alone could be two dates, beside one that says which comes first, day or month.
pub(in crate::calendar) fn date_beside(word: &str, other: &str) -> Option<NaiveDate> {
    let number = |text: &str| text.parse::<u32>().ok();
    let parts: Vec<&str> = other.split('/').collect();
    let [first, second, _] = parts[..] else { return None };
    let day_first = match (number(first)? > 12, number(second)? > 12) {
        (true, false) => true,
        (false, true) => false,
        _ => return None,
    };
    let parts: Vec<&str> = word.split('/').collect();
    let [first, second, year] = parts[..] else { return None };
    let (day, month) = if day_first { (first, second) } else { (second, first) };
    NaiveDate::from_ymd_opt(year_number(year)?, number(month)?, number(day)?)
}

/// `2025-03`, `2025-03-14`, `03/2025`, `14.03.2025`. What could be two dates is none.
pub(super) fn date(words: &[&str]) -> Option<(usize, Point)> {
    let word = *words.first()?;
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    let number = |text: &str| text.parse::<u32>().ok();
    if let Some(span) = named(&parts) {
        let unit = if span.from == span.to { Dimension::Day } else { Dimension::Month };
        return Some((1, Point::said(span, label_of(unit, span))));
    }
    let (year, month, day) = match parts[..] {
        [year, month] if year.len() == 4 => (number(year)?, number(month)?, None),
        [month, year] if year.len() == 4 && month.len() <= 2 => (number(year)?, number(month)?, None),
        [year, month, day] if year.len() == 4 => (number(year)?, number(month)?, number(day)),
        [first, second, year] if year.len() == 4 => {
            let (first, second) = (number(first)?, number(second)?);
            match (word.contains('.'), first > 12, second > 12) {
                (true, ..) | (_, true, false) => (number(year)?, second, Some(first)),
                (_, false, true) => (number(year)?, first, Some(second)),
                _ if first == second => (number(year)?, first, Some(second)),
                _ => return None,
            }
        }
        _ => return None,
    };
    let year = i32::try_from(year).ok().filter(|year| (2000..2050).contains(year))?;
    let (span, label) = match day {
        Some(day) => {
            let day = NaiveDate::from_ymd_opt(year, month, day)?;
            (Span { from: day, to: day }, day.to_string())
        }
        None => {
            let span = month_of(year, month)?;
            (span, label_of(Dimension::Month, span))
        }
    };
    Some((1, Point::said(span, label)))
}

/// As spreadsheets write them: `Mar-25`, `Oct2025`, `14-Mar-2025`.
fn named(parts: &[&str]) -> Option<Span> {
    let year = |word: &str| year_number(word).or_else(|| short_year(word));
    match parts {
        [name, behind] => month_of(year(behind)?, month(name)?),
        [day, name, behind] => {
            let day = NaiveDate::from_ymd_opt(year(behind)?, month(name)?, day.parse().ok()?)?;
            Some(Span { from: day, to: day })
        }
        [word] => {
            let (name, digits) = word.split_at_checked(word.len().checked_sub(4)?)?;
            month_of(year_number(digits)?, month(name)?)
        }
        _ => None,
    }
}
