//! Days and months in digits.

use chrono::NaiveDate;
use domain::metrics::{Dimension, Span};

use super::{Point, label_of, month_of};

/// `2025-03`, `2025-03-14`, `03/2025`, `14.03.2025`. What could be two dates is none.
pub(super) fn date(words: &[&str]) -> Option<(usize, Point)> {
    let word = *words.first()?;
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    let number = |text: &str| text.parse::<u32>().ok();
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
