//! One named stretch of time.

mod date;
mod month;
mod short;
mod week;
mod year;

use chrono::{Datelike as _, NaiveDate};
use domain::metrics::{Dimension, Span};

pub(super) use self::date::date_beside;
pub(crate) use self::month::{is_month, is_part_of_year, meant_month};
use self::{
    date::date,
    month::{MONTHS, month},
    year::{short_year, year_number},
};
use super::{Calendar, Days, shifted};
use crate::tokens;

/// A stretch of time with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) span: Span,
    pub(crate) label: String,
    /// Otherwise the latest one is meant, or that of another mention.
    pub(crate) year_was_said: bool,
    /// `the last 6 months`.
    pub(crate) rolling: Option<(u32, Dimension)>,
}

/// Meteorological ones; winter begins in December of its year.
const SEASONS: [(&str, u32); 5] = [("spring", 3), ("summer", 6), ("autumn", 9), ("fall", 9), ("winter", 12)];

const ORDINALS: [(&str, u32); 8] = [
    ("first", 1),
    ("1st", 1),
    ("second", 2),
    ("2nd", 2),
    ("third", 3),
    ("3rd", 3),
    ("fourth", 4),
    ("4th", 4),
];

impl Point {
    pub(crate) fn days(&self) -> Days {
        Days::of(self.span, self.label.clone())
    }

    fn said(span: Span, label: impl Into<String>) -> Self {
        Self { span, label: label.into(), year_was_said: true, rolling: None }
    }

    fn is_a_day(&self) -> bool {
        self.span.from == self.span.to
    }

    fn is_a_week(&self) -> bool {
        (self.span.to - self.span.from).num_days() == 6
    }
}

impl Calendar {
    /// The stretch that these words begin with. `year`: where none is said.
    pub(crate) fn point(&self, words: &[&str], year: Option<i32>) -> Option<(usize, Point)> {
        let skip = usize::from(
            matches!(words.first(), Some(&("the" | "all" | "whole" | "entire")))
                && words.first() != Some(&"all"),
        );
        let rest = words.get(skip..)?;
        let (len, point) = self
            .dated(rest)
            .or_else(|| self.edge(rest))
            .or_else(|| self.short(rest))
            .or_else(|| self.before_last(rest))
            .or_else(|| self.within_year(rest))
            .or_else(|| self.relative(rest))
            .or_else(|| date(rest))
            .or_else(|| self.month(rest, year))
            .or_else(|| self.part(rest, year))
            .or_else(|| self.week(rest, year))
            .or_else(|| self.year(rest))?;
        // `the last week of September`: a part of something, and neither of the two.
        let of_another = rest.get(len) == Some(&"of")
            && self.point(&rest[len + 1..], None).is_some_and(|(_, whole)| whole.span != point.span);
        (!of_another).then_some((skip + len, point))
    }

    /// `YTD`, and with a year behind it up to the same day of that year.
    fn dated(&self, words: &[&str]) -> Option<(usize, Point)> {
        let (len, point) = self.plain(words)?;
        match self.year_behind(&words[len..]) {
            Some((more, year)) => Some((len + more, self.in_year(point, year)?)),
            None => Some((len, point)),
        }
    }

    /// `today`, `ytd`, `month to date`.
    fn plain(&self, words: &[&str]) -> Option<(usize, Point)> {
        let to_date = |unit: Dimension| Some(Span { from: self.interval(unit, 0)?.from, to: self.today });
        let (len, span, label) = match words {
            ["today", ..] => {
                (1, Span { from: self.today, to: self.today }, format!("today ({})", self.today))
            }
            ["yesterday", ..] => {
                let day = self.today.pred_opt()?;
                (1, Span { from: day, to: day }, format!("yesterday ({day})"))
            }
            ["ytd", ..] => (1, to_date(Dimension::Year)?, "this year to date".to_owned()),
            ["mtd", ..] => (1, to_date(Dimension::Month)?, "this month to date".to_owned()),
            ["qtd", ..] => (1, to_date(Dimension::Quarter)?, "this quarter to date".to_owned()),
            ["year", "to", "date", ..] => (3, to_date(Dimension::Year)?, "this year to date".to_owned()),
            ["month", "to", "date", ..] => (3, to_date(Dimension::Month)?, "this month to date".to_owned()),
            ["quarter", "to", "date", ..] => {
                (3, to_date(Dimension::Quarter)?, "this quarter to date".to_owned())
            }
            ["so", "far", "this", unit, ..] => {
                (4, to_date(self.unit(unit)?)?, format!("this {unit} to date"))
            }
            ["this", unit, "so", "far", ..] => {
                (4, to_date(self.unit(unit)?)?, format!("this {unit} to date"))
            }
            _ => return None,
        };
        (len <= words.len()).then(|| (len, Point::said(span, label)))
    }

    /// `this month`, `last quarter`, `the last 6 months`, `two years ago`, `next quarter`.
    fn relative(&self, words: &[&str]) -> Option<(usize, Point)> {
        let named = |len, span: Span, label: String| Some((len, Point::said(span, label)));
        if let [n, unit, "ago", ..] = words {
            let moved = i32::try_from(tokens::count(n).or((*n == "a" || *n == "an").then_some(1))?).ok()?;
            let unit = self.unit(unit)?;
            let span = self.interval(unit, -moved)?;
            return named(3, span, label_of(unit, span));
        }
        let (moved, rest) = match words {
            ["this" | "current", rest @ ..] => (0, rest),
            [
                "last" | "previous" | "past" | "prior" | "preceding" | "latest" | "trailing" | "recent"
                | "rolling",
                rest @ ..,
            ] => (-1, rest),
            ["next" | "coming" | "upcoming" | "following", rest @ ..] => (1, rest),
            _ => return None,
        };
        let skip = usize::from(matches!(rest.first(), Some(&("full" | "complete" | "calendar" | "whole"))));
        let rest = &rest[skip..];
        if let Some((n, unit)) = rest.first().and_then(|word| short::glued(word)).filter(|_| moved == -1) {
            return Some((2 + skip, self.trailing(n, unit)?));
        }
        if let [n, unit, ..] = rest
            && let Some(count) =
                tokens::count(n).or((*n == "few").then_some(3)).filter(|count| (1..=400).contains(count))
        {
            let unit = self.unit(unit)?;
            let whole = i32::try_from(count).ok()?;
            let point = match moved {
                -1 => self.trailing(count, unit)?,
                1 => {
                    let span =
                        Span { from: self.interval(unit, 1)?.from, to: self.interval(unit, whole)?.to };
                    Point::said(span, format!("{} to {}", span.from, span.to))
                }
                _ => return None,
            };
            return Some((3 + skip, point));
        }
        if let Some(point) = self.yearly(rest, moved) {
            return Some((2 + skip, point));
        }
        if let Some((len, unit, span)) = self.closing(rest).filter(|_| moved == -1) {
            return named(1 + skip + len, span, label_of(unit, span));
        }
        let (unit, len) = match rest {
            ["fiscal" | "financial", "year", ..] => (Dimension::FiscalYear, 2),
            ["fy", ..] => (Dimension::FiscalYear, 1),
            // `in recent months`: how many?
            [unit, ..] if unit.ends_with('s') => return None,
            [unit, ..] => (self.unit(unit)?, 1),
            [] => return None,
        };
        let span = self.interval(unit, moved)?;
        named(1 + skip + len, span, label_of(unit, span))
    }

    /// `last summer`, `this March`. Which year it is depends on what it is set against.
    fn yearly(&self, words: &[&str], moved: i32) -> Option<Point> {
        let word = *words.first()?;
        let latest = |span_of: &dyn Fn(i32) -> Option<Span>| {
            let (latest, _) = self.latest(None, span_of)?;
            let over = moved == -1 && latest.to >= self.today;
            if over { span_of(latest.from.year() - 1) } else { Some(latest) }
        };
        let (span, label) = match (season(word), month(word)) {
            (Some(season), _) => {
                let span = latest(&|year| season_of(season, year))?;
                (span, format!("{word} {}", span.from.year()))
            }
            (None, Some(month)) => {
                let span = latest(&|year| month_of(year, month))?;
                (span, label_of(Dimension::Month, span))
            }
            (None, None) => return None,
        };
        Some(Point { year_was_said: false, ..Point::said(span, label) })
    }

    /// Of `the last quarter of 2024`, what follows `last`: a part of that year, not a time before today.
    fn closing(&self, words: &[&str]) -> Option<(usize, Dimension, Span)> {
        let [unit, behind @ ..] = words else { return None };
        if behind.first() != Some(&"of") {
            return None;
        }
        let (len, year) = self.year_behind(behind)?;
        match self.unit(unit)? {
            Dimension::Month => Some((1 + len, Dimension::Month, month_of(year, 12)?)),
            Dimension::Quarter => Some((1 + len, Dimension::Quarter, part_of(year, 4, 3)?)),
            _ => None,
        }
    }

    fn unit(&self, word: &str) -> Option<Dimension> {
        Some(match word {
            "day" | "days" => Dimension::Day,
            "week" | "weeks" | "wk" | "wks" => Dimension::Week,
            "month" | "months" | "mth" | "mths" => Dimension::Month,
            "quarter" | "quarters" | "qtr" | "qtrs" => Dimension::Quarter,
            "year" | "years" | "yr" | "yrs" => Dimension::Year,
            _ => return None,
        })
    }

    /// The year behind a month or quarter: `2024`, `of 2024`, `last year`.
    fn year_behind(&self, words: &[&str]) -> Option<(usize, i32)> {
        let skip = usize::from(matches!(words.first(), Some(&("of" | "in"))));
        match words.get(skip..)? {
            ["last" | "previous", "year", ..] => Some((skip + 2, self.today.year() - 1)),
            ["ly", ..] => Some((skip + 1, self.today.year() - 1)),
            ["this" | "current", "year", ..] => Some((skip + 2, self.today.year())),
            [word, ..] => year_number(word).map(|year| (skip + 1, year)),
            [] => None,
        }
    }

    /// `March`, `March 2024`, `14 March 2025`, `March 14, 2025`.
    fn month(&self, words: &[&str], year: Option<i32>) -> Option<(usize, Point)> {
        let day_number = |word: &&str| {
            let digits = word
                .trim_end_matches("st")
                .trim_end_matches("nd")
                .trim_end_matches("rd")
                .trim_end_matches("th");
            digits.parse::<u32>().ok().filter(|day| (1..=31).contains(day) && digits.len() <= 2)
        };
        let (mut len, month, day) = match words {
            [first, "of", second, ..] if day_number(first).is_some() && month(second).is_some() => {
                (3, month(second)?, day_number(first))
            }
            [first, second, ..] if day_number(first).is_some() && month(second).is_some() => {
                (2, month(second)?, day_number(first))
            }
            [first, second, ..] if month(first).is_some() && day_number(second).is_some() => {
                (2, month(first)?, day_number(second))
            }
            [first, ..] => (1, month(first)?, None),
            [] => return None,
        };
        let behind = self.year_behind(&words[len..]);
        len += behind.map_or(0, |(words, _)| words);
        let year = behind.map(|(_, year)| year).or(year);
        let (span, said) = self.latest(year, |year| match day {
            Some(day) => NaiveDate::from_ymd_opt(year, month, day).map(|day| Span { from: day, to: day }),
            None => month_of(year, month),
        })?;
        let label = if day.is_some() { span.from.to_string() } else { label_of(Dimension::Month, span) };
        Some((len, Point { span, label, year_was_said: said, rolling: None }))
    }

    /// Quarters, halves and seasons.
    fn part(&self, words: &[&str], year: Option<i32>) -> Option<(usize, Point)> {
        let ordinal =
            |word: &str| ORDINALS.iter().find(|(known, _)| *known == word).map(|(_, number)| *number);
        let lettered = |letter: char, word: &str| {
            let digits = word.strip_prefix(letter)?;
            digits.parse::<u32>().ok().filter(|_| digits.len() == 1)
        };
        let (mut len, number, months) = match words {
            [word, ..] if lettered('q', word).is_some() => (1, lettered('q', word)?, 3),
            [word, ..] if lettered('h', word).is_some() => (1, lettered('h', word)?, 6),
            ["quarter" | "qtr", word, ..] if tokens::count(word).is_some() => (2, tokens::count(word)?, 3),
            [word, "quarter" | "qtr", ..] if ordinal(word).is_some() => (2, ordinal(word)?, 3),
            [word, "half", ..] if ordinal(word).is_some() => (2, ordinal(word)?, 6),
            [word, ..] if season(word).is_some() => (1, season(word)?, 0),
            [word, ..] if compact_quarter(word).is_some() => {
                let (number, year) = compact_quarter(word)?;
                let span = part_of(year, number, 3)?;
                return Some((1, Point::said(span, label_of(Dimension::Quarter, span))));
            }
            _ => return None,
        };
        if months > 0 && !(1..=12 / months).contains(&number) {
            return None;
        }
        if let Some(point) =
            words.get(len).filter(|_| months == 3).and_then(|w| self.fiscal_quarter(number, w))
        {
            return Some((len + 1, point));
        }
        // A quarter has no days that `24` could be one of.
        let short = words.get(len).filter(|_| months > 0).and_then(|word| short_year(word));
        let behind = self.year_behind(&words[len..]).or(short.map(|year| (1, year)));
        len += behind.map_or(0, |(words, _)| words);
        let year = behind.map(|(_, year)| year).or(year);
        let (span, said) = self.latest(year, |year| match months {
            0 => season_of(number, year),
            months => part_of(year, number, months),
        })?;
        let label = match months {
            3 => label_of(Dimension::Quarter, span),
            6 => format!("H{number} {}", span.from.year()),
            _ => format!("{} {}", words[0], span.from.year()),
        };
        Some((len, Point { span, label, year_was_said: said, rolling: None }))
    }
}

/// What an interval is called.
pub(crate) fn label_of(unit: Dimension, span: Span) -> String {
    let year = span.from.year();
    match unit {
        Dimension::Month => {
            let name = MONTHS.get(span.from.month0() as usize).map_or("", |(name, _)| name);
            let capital = name.get(..1).unwrap_or_default().to_uppercase();
            format!("{capital}{} {year}", name.get(1..).unwrap_or_default())
        }
        Dimension::Quarter => format!("Q{} {year}", span.from.month0() / 3 + 1),
        Dimension::Year => year.to_string(),
        Dimension::FiscalYear => format!("the fiscal year that ends {}", span.to),
        Dimension::Week => format!("the week from {}", span.from),
        _ if span.from == span.to => span.from.to_string(),
        _ => format!("{} to {}", span.from, span.to),
    }
}

fn season(word: &str) -> Option<u32> {
    SEASONS.iter().find(|(name, _)| *name == word).map(|(_, begins)| *begins)
}

fn month_of(year: i32, month: u32) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some(Span { from, to: Dimension::Month.end(from) })
}

fn season_of(begins: u32, year: i32) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, begins, 1)?;
    Some(Span { from, to: shifted(from, 3)?.pred_opt()? })
}

fn part_of(year: i32, number: u32, months: u32) -> Option<Span> {
    let from = NaiveDate::from_ymd_opt(year, (number - 1) * months + 1, 1)?;
    Some(Span { from, to: shifted(from, i32::try_from(months).ok()?)?.pred_opt()? })
}

/// `q32025`, `2025q3`, `2025-q3`.
fn compact_quarter(word: &str) -> Option<(u32, i32)> {
    let (first, second) = word.split_once('q')?;
    let (number, year) = if first.is_empty() { second.split_at_checked(1)? } else { (second, first) };
    let year = year_number(year.trim_matches(['-', '/', '\'']))?;
    Some((number.parse().ok().filter(|number| (1..=4).contains(number))?, year))
}
