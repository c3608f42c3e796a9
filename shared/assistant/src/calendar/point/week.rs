//! Weeks by their number or by one of their days.

use chrono::{Datelike as _, Days as DayCount, NaiveDate, Weekday};
use domain::metrics::{Dimension, Span};

use super::{Point, year::year_number};
use crate::{
    calendar::{Calendar, Days, When},
    tokens,
};

impl Calendar {
    /// `week 12`, `week 12 of 2025`, `wk12`, `2025-W12`, `w/c 3 March`.
    pub(super) fn week(&self, words: &[&str], year: Option<i32>) -> Option<(usize, Point)> {
        if let Some(found) = self.week_by_day(words) {
            return Some(found);
        }
        let (mut len, number, mut own) = match words {
            ["calendar" | "iso", "week", number, ..] => (3, tokens::count(number)?, None),
            ["week", "number" | "no", number, ..] => (3, tokens::count(number)?, None),
            ["week" | "wk" | "cw" | "kw", number, ..] => (2, tokens::count(number)?, None),
            [word, ..] => {
                let (number, own) = compact(word)?;
                (1, number, own)
            }
            [] => return None,
        };
        let behind = self.year_behind(&words[len..]).filter(|_| own.is_none());
        len += behind.map_or(0, |(words, _)| words);
        own = own.or(behind.map(|(_, year)| year));
        let (span, said) = self.latest(own.or(year), |year| {
            let from = NaiveDate::from_isoywd_opt(year, number, Weekday::Mon)?;
            Some(Span { from, to: Dimension::Week.end(from) })
        })?;
        let label = format!("week {number} of {}", span.to.iso_week().year());
        Some((len, Point { span, label, year_was_said: said, rolling: None }))
    }

    /// `w/c 3 March`, `week commencing 10 November`, `the week of 3 March`: seven days from the one named; of `the week of` the
    /// one that the day lies in.
    fn week_by_day(&self, words: &[&str]) -> Option<(usize, Point)> {
        let (skip, within) = match words {
            ["w/c" | "wc", ..] => (1, false),
            ["week" | "wk", "commencing" | "beginning" | "starting", "on", ..] => (3, false),
            ["week" | "wk", "commencing" | "beginning" | "starting" | "from", ..] => (2, false),
            ["week" | "wk", "of" | "containing", "the", ..] => (3, true),
            ["week" | "wk", "of" | "containing", ..] => (2, true),
            _ => return None,
        };
        let (len, day) = self.point(&words[skip..], None).filter(|(_, point)| point.is_a_day())?;
        let from = match within {
            true => Dimension::Week.beginning(day.span.from)?,
            false => day.span.from,
        };
        let span = Span { from, to: from.checked_add_days(DayCount::new(6))? };
        let point = Point { span, label: format!("the week from {from}"), ..day };
        Some((skip + len, point))
    }

    /// `weeks 10 to 13`, `wk 10-13 2025`: from the first one to the last.
    pub(in crate::calendar) fn weeks(&self, words: &[&str]) -> Option<(usize, When)> {
        let skip = match words {
            ["calendar" | "iso", "weeks" | "wks", ..] => 2,
            ["weeks" | "week" | "wks" | "wk", ..] => 1,
            _ => return None,
        };
        let (first, joint, last) = match words.get(skip..)? {
            [first, joint, "week" | "wk", last, ..] => (first, joint, Some(last)),
            [first, joint, last, ..] => (first, joint, Some(last)),
            _ => return None,
        };
        let numbers = (tokens::count(first)?, tokens::count(last?)?);
        // `weeks 10 and 13` are two weeks, and what lies between is not meant.
        let joined = match *joint {
            "and" => numbers.0 + 1 == numbers.1,
            joint => super::super::BETWEEN.contains(&joint),
        };
        if !joined {
            return None;
        }
        let at = skip + 2 + usize::from(matches!(words[skip + 2], "week" | "wk"));
        let ending: Vec<&str> = std::iter::once("week").chain(words[at..].iter().copied()).collect();
        let (len, last) = self.week(&ending, None)?;
        let year = last.span.to.iso_week().year() - i32::from(numbers.0 > numbers.1);
        let (_, first) = self.week(&["week", first], Some(year))?;
        let days = Days {
            from: Some(first.span.from),
            to: Some(last.span.to),
            label: format!("{} to {}", first.label, last.label),
            since: None,
            year_was_said: last.year_was_said,
        };
        Some((at + len - 1, When::Range { days, ends: (first.days(), last.days()) }))
    }
}

/// `w12`, `wk12`, `2025-w12`.
fn compact(word: &str) -> Option<(u32, Option<i32>)> {
    if let Some((year, number)) = word.split_once('w')
        && let Some(year) = year_number(year.trim_end_matches('-'))
    {
        return Some((number.parse().ok()?, Some(year)));
    }
    let digits = ["wk", "kw", "cw", "week", "w"].into_iter().find_map(|lead| word.strip_prefix(lead))?;
    Some((digits.parse().ok()?, None))
}
