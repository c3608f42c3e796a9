//! Years as they are written.

use chrono::NaiveDate;
use domain::metrics::{Dimension, Span};

use super::Point;
use crate::calendar::Calendar;

impl Calendar {
    /// `2025`, `the year 2025`, `calendar 2025`, `fiscal 2025`, `FY25`, `fiscal year to date`.
    pub(super) fn year(&self, words: &[&str]) -> Option<(usize, Point)> {
        if let Some(found) = self.fiscal_to_date(words) {
            return Some(found);
        }
        match words {
            ["fiscal" | "financial", "year", word, ..] => Some((3, self.fiscal(fiscal_number(word)?)?)),
            ["fiscal" | "financial", word, ..] => Some((2, self.fiscal(year_number(word)?)?)),
            ["fy", word, ..] => Some((2, self.fiscal(fiscal_number(word)?)?)),
            ["calendar", "year", word, ..] => Some((3, whole_year(year_number(word)?)?)),
            ["year" | "calendar" | "cy", word, ..] => Some((2, whole_year(year_number(word)?)?)),
            [word, ..] => match word.strip_prefix("fy") {
                Some(rest) => Some((1, self.fiscal(fiscal_number(rest)?)?)),
                None => Some((1, whole_year(year_number(word)?)?)),
            },
            [] => None,
        }
    }

    /// Named by the calendar year that it ends in.
    fn fiscal(&self, year: i32) -> Option<Point> {
        let begins = year - i32::from(self.fiscal_year_begins > 1);
        let from = NaiveDate::from_ymd_opt(begins, self.fiscal_year_begins, 1)?;
        let span = Span { from, to: Dimension::FiscalYear.end(from) };
        Some(Point::said(span, format!("fiscal year {year}")))
    }

    /// The quarter of a fiscal year: `Q1 FY25`.
    pub(super) fn fiscal_quarter(&self, number: u32, word: &str) -> Option<Point> {
        let year = fiscal_number(word.strip_prefix("fy")?)?;
        let begins = self.fiscal(year)?.span.from;
        let from = super::shifted(begins, i32::try_from((number - 1) * 3).ok()?)?;
        let span = Span { from, to: super::shifted(from, 3)?.pred_opt()? };
        Some(Point::said(span, format!("Q{number} of fiscal year {year}")))
    }

    fn fiscal_to_date(&self, words: &[&str]) -> Option<(usize, Point)> {
        let len = match words {
            ["fytd", ..] => 1,
            ["fy", "to", "date", ..] => 3,
            ["fiscal" | "financial", "ytd", ..] => 2,
            ["fiscal" | "financial", "year", "to", "date", ..] => 4,
            _ => return None,
        };
        let span = Span { from: self.interval(Dimension::FiscalYear, 0)?.from, to: self.today };
        Some((len, Point::said(span, "this fiscal year to date")))
    }
}

pub(super) fn whole_year(year: i32) -> Option<Point> {
    let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
    Some(Point::said(Span { from, to: Dimension::Year.end(from) }, year.to_string()))
}

pub(super) fn year_number(word: &str) -> Option<i32> {
    word.parse().ok().filter(|year| word.len() == 4 && (2000..2050).contains(year))
}

pub(super) fn short_year(word: &str) -> Option<i32> {
    word.parse::<i32>().ok().filter(|_| word.len() == 2).map(|year| 2000 + year)
}

/// `2025`, `25`, `24/25`, `2024/25`: a fiscal year by the year that it ends in.
fn fiscal_number(word: &str) -> Option<i32> {
    let one = |word: &str| year_number(word).or_else(|| short_year(word));
    match word.split_once(['/', '-']) {
        Some((begins, ends)) => one(ends).filter(|ends| one(begins) == Some(ends - 1)),
        None => one(word),
    }
}
