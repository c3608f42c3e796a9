//! What people in sales abbreviate, and stretches that are part of other ones.

use chrono::{Datelike as _, Days as DayCount, NaiveDate};
use domain::metrics::{Dimension, Span};

use super::{Point, label_of, shifted};
use crate::{calendar::Calendar, tokens};

impl Calendar {
    /// `LY`, `TY`, `L4W`, `LTM`.
    pub(super) fn short(&self, words: &[&str]) -> Option<(usize, Point)> {
        let word = *words.first()?;
        let whole = |unit: Dimension, moved: i32| {
            let span = self.interval(unit, moved)?;
            Some((1, Point::said(span, label_of(unit, span))))
        };
        match word {
            "ly" | "py" => whole(Dimension::Year, -1),
            "ty" => whole(Dimension::Year, 0),
            "lw" => whole(Dimension::Week, -1),
            "lm" => whole(Dimension::Month, -1),
            "lq" => whole(Dimension::Quarter, -1),
            "ltm" | "ttm" => Some((1, self.trailing(12, Dimension::Month)?)),
            _ => {
                let (n, unit) = glued(word.strip_prefix(['l', 'p', 'r'])?)?;
                Some((1, self.trailing(n, unit)?))
            }
        }
    }

    /// The last whole intervals before the present one.
    pub(super) fn trailing(&self, n: u32, unit: Dimension) -> Option<Point> {
        let span = self.last(n, unit).filter(|_| (1..=400).contains(&n))?;
        let label = format!("{} to {}", span.from, span.to);
        Some(Point { rolling: Some((n, unit)), ..Point::said(span, label) })
    }

    /// `the month before last`.
    pub(super) fn before_last(&self, words: &[&str]) -> Option<(usize, Point)> {
        let [unit, "before", "last", ..] = words else { return None };
        let unit = self.unit(unit)?;
        let span = self.interval(unit, -2)?;
        Some((3, Point::said(span, label_of(unit, span))))
    }

    /// The part of a year that is named first: `last year's Q4`, `2024 March`, `last year YTD`.
    pub(super) fn within_year(&self, words: &[&str]) -> Option<(usize, Point)> {
        let (skip, year) =
            self.year_behind(words).filter(|_| !matches!(words.first(), Some(&("of" | "in"))))?;
        let rest = words.get(skip..)?;
        // `did sales last year fall`: a verb.
        if matches!(rest.first(), None | Some(&"fall")) {
            return None;
        }
        if let Some((len, point)) = self.plain(rest) {
            return self.in_year(point, year).map(|point| (skip + len, point));
        }
        let named =
            |year| self.month(rest, year).or_else(|| self.part(rest, year)).or_else(|| self.week(rest, year));
        let (len, point) = named(Some(year))?;
        // `2024 March 2025`: the part has a year of its own.
        let own = named(Some(year - 1)).is_some_and(|(_, other)| other.span == point.span);
        (!own).then(|| (skip + len, Point { year_was_said: true, ..point }))
    }

    /// What runs to the present day, up to the same day of another year: `YTD 2024`.
    pub(super) fn in_year(&self, point: Point, year: i32) -> Option<Point> {
        if point.span.to != self.today || point.span.from == self.today {
            return None;
        }
        let moved = (self.today.year() - year) * 12;
        let span = Span { from: shifted(point.span.from, -moved)?, to: shifted(point.span.to, -moved)? };
        Some(Point::said(span, format!("{} to {}", span.from, span.to)))
    }

    /// `three months to the end of May`, `12 months to September 2025`, `week ending 16 November`.
    pub(in crate::calendar) fn up_to(&self, words: &[&str]) -> Option<(usize, Point)> {
        let lead = words
            .iter()
            .take_while(|word| {
                matches!(**word, "the" | "last" | "past" | "trailing" | "rolling" | "previous" | "full")
            })
            .count();
        let counted = |place: usize| Some((tokens::count(words.get(place)?)?, place + 1));
        let (n, place) = counted(lead)
            .or_else(|| (lead == 0 || words[..lead] == ["the"]).then_some((1, lead)))
            .filter(|(n, _)| (1..=400).contains(n))?;
        let unit = self.unit(words.get(place)?)?;
        let joint = match words.get(place + 1..)? {
            ["ending" | "ended", "on" | "in" | "with", ..] | ["up", "to", ..] => 2,
            ["ending" | "ended", ..] => 1,
            // `the year to May`; `by year until 2024` is something else.
            ["to" | "until" | "till" | "through" | "upto", ..] if n > 1 => 1,
            ["to", ..] if lead > 0 && unit == Dimension::Year => 1,
            _ => return None,
        };
        let at = place + 1 + joint;
        let end = match words.get(at..)? {
            ["the", "end", "of", ..] => 3,
            ["end", "of", ..] | ["the", "end", ..] => 2,
            ["end" | "the", ..] => 1,
            _ => 0,
        };
        let (len, point) = self.point(&words[at + end..], None)?;
        if unit == Dimension::Week && !point.is_a_day() && point.rolling.is_none() && !point.is_a_week() {
            return None;
        }
        let from = before(point.span.to.succ_opt()?, n, unit)?;
        let span = Span { from, to: point.span.to };
        let label = format!("{} to {}", span.from, span.to);
        Some((at + end + len, Point { span, label, rolling: None, ..point }))
    }

    /// `the first 3 months of 2025`, `the last 10 days of October`. Which days `the first week of October` has nobody agrees on.
    pub(super) fn edge(&self, words: &[&str]) -> Option<(usize, Point)> {
        let first = match *words.first()? {
            "first" => true,
            "last" | "final" => false,
            _ => return None,
        };
        let counted = words.get(1).and_then(|word| tokens::count(word));
        let at = 1 + usize::from(counted.is_some());
        let n = counted.unwrap_or(1);
        let unit = self.unit(words.get(at)?).filter(|unit| *unit != Dimension::Week && n > 0)?;
        let skip = match words.get(at + 1..)? {
            ["of", "the", ..] => 2,
            ["of", ..] => 1,
            _ => return None,
        };
        let (len, whole) = self.point(&words[at + 1 + skip..], None)?;
        let span = match first {
            true => Span { to: after(whole.span.from, n, unit)?.pred_opt()?, ..whole.span },
            false => Span { from: before(whole.span.to.succ_opt()?, n, unit)?, ..whole.span },
        };
        if span.from < whole.span.from || span.to > whole.span.to {
            return None;
        }
        let label = super::super::unit_label(span);
        Some((at + 1 + skip + len, Point { span, label, rolling: None, ..whole }))
    }
}

/// `4w`, `12m`, `90d`.
pub(super) fn glued(word: &str) -> Option<(u32, Dimension)> {
    let unit = match word.chars().last()? {
        'd' => Dimension::Day,
        'w' => Dimension::Week,
        'm' => Dimension::Month,
        'q' => Dimension::Quarter,
        'y' => Dimension::Year,
        _ => return None,
    };
    Some((word.get(..word.len() - 1)?.parse().ok()?, unit))
}

fn before(day: NaiveDate, n: u32, unit: Dimension) -> Option<NaiveDate> {
    match unit {
        Dimension::Day => day.checked_sub_days(DayCount::new(n.into())),
        Dimension::Week => day.checked_sub_days(DayCount::new(u64::from(n) * 7)),
        unit => shifted(day, -months(n, unit)?),
    }
}

fn after(day: NaiveDate, n: u32, unit: Dimension) -> Option<NaiveDate> {
    match unit {
        Dimension::Day => day.checked_add_days(DayCount::new(n.into())),
        Dimension::Week => day.checked_add_days(DayCount::new(u64::from(n) * 7)),
        unit => shifted(day, months(n, unit)?),
    }
}

fn months(n: u32, unit: Dimension) -> Option<i32> {
    let each = match unit {
        Dimension::Month => 1,
        Dimension::Quarter => 3,
        _ => 12,
    };
    i32::try_from(n).ok()?.checked_mul(each)
}
