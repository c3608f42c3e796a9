//! Days as people name them: `last quarter`, `Q3 2025`, `since March`, `the last 6 months`.

mod point;
#[cfg(test)]
mod tests;

use chrono::{Datelike as _, Days as DayCount, Months, NaiveDate};
use domain::metrics::{Dimension, Span};

pub(crate) use self::point::{Point, is_month, is_part_of_year, label_of, meant_month};

/// What days are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    /// In the organisation's time zone.
    pub today: NaiveDate,
    /// The month that fiscal years begin with, 1 to 12.
    pub fiscal_year_begins: u32,
}

/// Days that are meant; `None`: from the beginning, or without an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// As it is said in an answer, for example `March 2025`.
    pub label: String,
    /// Of `the last 6 months` the day six months ago: where nothing else than the beginning matters.
    pub since: Option<NaiveDate>,
    /// Whether the year was said; otherwise the latest one is meant, or of what is to come the next.
    pub year_was_said: bool,
}

/// A mention of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum When {
    Days(Days),
    /// From one point to another: the days between, or the two against each other.
    Range {
        days: Days,
        ends: (Days, Days),
    },
    /// As long as what is compared, just before it.
    Before,
    /// The same a year earlier.
    YearBefore,
    /// Two readings: `Oct 25` is a month of a year, or a day.
    Either(Days, Days),
}

impl Days {
    pub(crate) fn of(span: Span, label: impl Into<String>) -> Self {
        Self {
            from: Some(span.from),
            to: Some(span.to),
            label: label.into(),
            since: None,
            year_was_said: true,
        }
    }

    pub(crate) fn always() -> Self {
        Self { from: None, to: None, label: "all time".to_owned(), since: None, year_was_said: true }
    }

    /// Where both ends are known.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        Some(Span { from: self.from?, to: self.to? })
    }
}

const BETWEEN: &[&str] = &["to", "until", "till", "through", "thru", "and", "-", "upto"];

impl Calendar {
    /// The mention of time that these words begin with, and how many of them it takes.
    pub(crate) fn read(&self, words: &[&str]) -> Option<(usize, When)> {
        self.read_in(words, None)
    }

    /// The same, where what is said beside it has a year.
    pub(crate) fn read_in(&self, words: &[&str], year: Option<i32>) -> Option<(usize, When)> {
        self.weeks(words)
            .or_else(|| self.up_to(words).map(|(len, point)| (len, When::Days(point.days()))))
            .or_else(|| self.range(words))
            .or_else(|| self.open(words))
            .or_else(|| self.beginning(words))
            .or_else(|| relation(words))
            .or_else(|| self.month_or_day(words))
            .or_else(|| self.point(words, year).map(|(len, point)| (len, When::Days(self.days(&point)))))
    }

    /// `from … to …`, `between … and …`, `January to March 2025`.
    fn range(&self, words: &[&str]) -> Option<(usize, When)> {
        let lead = match *words.first()? {
            "from" | "between" => 1,
            _ => 0,
        };
        if let Some(found) = self.days_of_month(words, lead) {
            return Some(found);
        }
        if let Some(found) = self.dates(words, lead) {
            return Some(found);
        }
        let (first_len, _) = self.point(&words[lead..], None)?;
        let middle = lead + first_len;
        let joint = *words.get(middle)?;
        // `March and April` alone are two months, not the days between them.
        if !BETWEEN.contains(&joint) || joint == "and" && words[0] != "between" {
            return None;
        }
        let skip = usize::from(words.get(middle + 1) == Some(&"the"));
        let at = middle + 1 + skip;
        if self.month_or_day(&words[lead..]).is_some() || self.month_or_day(&words[at..]).is_some() {
            return None;
        }
        let (last_len, mut last) = self.point(&words[at..], None)?;
        let year = last.year_was_said.then(|| last.span.from.year());
        let (_, mut first) = self.point(&words[lead..], year)?;
        if first.year_was_said && !last.year_was_said {
            (_, last) = self.point(&words[at..], Some(first.span.from.year()))?;
        }
        if first.span.from > last.span.to {
            // `November to February`: the first lies in the year before.
            let year = first.span.from.year() - 1;
            (_, first) = self.point(&words[lead..], Some(year))?;
        }
        let days = Days {
            from: Some(first.span.from),
            to: Some(last.span.to),
            label: format!("{} to {}", first.label, last.label),
            since: None,
            year_was_said: first.year_was_said,
        };
        (first.span.from <= last.span.to)
            .then(|| (at + last_len, When::Range { days, ends: (self.days(&first), self.days(&last)) }))
    }

    /// `3 to 9 November`, `between 3 and 9 November 2025`.
    fn days_of_month(&self, words: &[&str], lead: usize) -> Option<(usize, When)> {
        let [first, joint, rest @ ..] = words.get(lead..)? else { return None };
        let bare: u32 = first.trim_end_matches(|c: char| c.is_alphabetic()).parse().ok()?;
        if !BETWEEN.contains(joint) || *joint == "and" && words[0] != "between" || first.len() > 4 {
            return None;
        }
        let (len, last) = self.point(rest, None).filter(|(_, point)| point.span.from == point.span.to)?;
        // `2 to 9`: neither is a day of anything.
        let month_is_named = rest[..len].iter().any(|word| word.chars().all(char::is_alphabetic));
        let from = last.span.from.with_day(bare).filter(|from| month_is_named && *from <= last.span.to)?;
        let (first, last) = (Days::of(Span { from, to: from }, from.to_string()), self.days(&last));
        let label = format!("{} to {}", first.label, last.label);
        let days = Days { from: Some(from), label, ..last.clone() };
        Some((lead + 2 + len, When::Range { days, ends: (first, last) }))
    }

    /// `01/10/2025 to 15/10/2025`: the one that is clear tells how the other one is written.
    fn dates(&self, words: &[&str], lead: usize) -> Option<(usize, When)> {
        let [first, joint, last, ..] = words.get(lead..)? else { return None };
        if !BETWEEN.contains(joint) || *joint == "and" && words[0] != "between" {
            return None;
        }
        let clear = |word: &str| self.point(&[word], None).map(|(_, point)| point.span);
        let day = |day: NaiveDate| Span { from: day, to: day };
        let (from, to) = match (clear(first), clear(last)) {
            (None, Some(to)) => (day(point::date_beside(first, last)?), to),
            (Some(from), None) => (from, day(point::date_beside(last, first)?)),
            _ => return None,
        };
        let (first, last) = (Days::of(from, from.from.to_string()), Days::of(to, to.to.to_string()));
        let label = format!("{} to {}", first.label, last.label);
        let days = Days::of(Span { from: from.from, to: to.to }, label);
        (from.from <= to.to).then_some((lead + 3, When::Range { days, ends: (first, last) }))
    }

    /// `Oct 25`: the month of that year, or the day.
    fn month_or_day(&self, words: &[&str]) -> Option<(usize, When)> {
        let [name, number, rest @ ..] = words else { return None };
        let short: i32 = number.parse().ok().filter(|_| number.len() == 2)?;
        let (len, day) = self.point(words, None).filter(|_| is_month(name))?;
        let known = (20..=self.today.year() + 1 - 2000).contains(&short);
        if len != 2 || !known || rest.first().is_some_and(|word| *word == "to" && rest.len() == 1) {
            return None;
        }
        let year = (2000 + short).to_string();
        let (_, month) = self.point(&[name, year.as_str()], None)?;
        Some((2, When::Either(month.days(), self.days(&day))))
    }

    /// `since March`, `until May`, `before 2025`, `after March 2024`, `year to date`.
    fn open(&self, words: &[&str]) -> Option<(usize, When)> {
        // `up to May`: until.
        if let ["up", "to" | "until" | "till", rest @ ..] = words {
            let (len, point) = self.point(rest, None)?;
            let days =
                Days { to: Some(point.span.to), label: format!("until {}", point.span.to), ..Days::always() };
            return Some((2 + len, When::Days(days)));
        }
        let skip = 1 + usize::from(words.get(1) == Some(&"the"));
        let word = *words.first()?;
        let rest = words.get(skip..).unwrap_or_default();
        let days =
            |from, to, label: String| When::Days(Days { from, to, label, since: None, year_was_said: true });
        match word {
            "since" | "starting" | "from" => {
                let (len, point) = self.point(rest, None)?;
                let onwards =
                    usize::from(matches!(words.get(skip + len), Some(&("onwards" | "onward" | "on"))));
                if word == "from" && onwards == 0 {
                    return None;
                }
                let label = format!("{} to {}", point.span.from, self.today);
                Some((skip + len + onwards, days(Some(point.span.from), Some(self.today), label)))
            }
            "until" | "till" | "through" | "upto" => {
                let (len, point) = self.point(rest, None)?;
                Some((skip + len, days(None, Some(point.span.to), format!("until {}", point.span.to))))
            }
            "before" => {
                let (len, point) = self.point(rest, None)?;
                Some((skip + len, days(None, point.span.from.pred_opt(), format!("before {}", point.label))))
            }
            "after" => {
                let (len, point) = self.point(rest, None)?;
                let label = format!("after {}", point.label);
                Some((skip + len, days(point.span.to.succ_opt(), Some(self.today), label)))
            }
            _ => None,
        }
    }

    /// `since the beginning of the year`.
    fn beginning(&self, words: &[&str]) -> Option<(usize, When)> {
        let ["since" | "from", "the", "beginning" | "start", "of", "the" | "this", unit, ..] = words else {
            return None;
        };
        let unit = match *unit {
            "year" => Dimension::Year,
            "quarter" => Dimension::Quarter,
            "month" => Dimension::Month,
            _ => return None,
        };
        let span = Span { from: self.interval(unit, 0)?.from, to: self.today };
        Some((6, When::Days(Days::of(span, format!("{} to {}", span.from, span.to)))))
    }

    /// The most recent span that began, of those that a year has one of.
    fn latest(&self, year: Option<i32>, span_of: impl Fn(i32) -> Option<Span>) -> Option<(Span, bool)> {
        if let Some(year) = year {
            return span_of(year).map(|span| (span, true));
        }
        let this = span_of(self.today.year())?;
        let span = if this.from > self.today { span_of(self.today.year() - 1)? } else { this };
        Some((span, false))
    }

    fn days(&self, point: &Point) -> Days {
        Days {
            year_was_said: point.year_was_said,
            since: point.rolling.and_then(|(n, unit)| self.ago(n, unit)),
            ..point.days()
        }
    }

    /// The day so many intervals ago.
    fn ago(&self, n: u32, unit: Dimension) -> Option<NaiveDate> {
        match unit {
            Dimension::Day => self.today.checked_sub_days(DayCount::new(n.into())),
            Dimension::Week => self.today.checked_sub_days(DayCount::new(u64::from(n) * 7)),
            Dimension::Month => self.today.checked_sub_months(Months::new(n)),
            Dimension::Quarter => self.today.checked_sub_months(Months::new(n.checked_mul(3)?)),
            _ => self.today.checked_sub_months(Months::new(n.checked_mul(12)?)),
        }
    }

    /// The interval that `today` lies in, moved by some intervals.
    pub(crate) fn interval(&self, unit: Dimension, moved: i32) -> Option<Span> {
        let from = match unit {
            Dimension::FiscalYear => {
                let begins = NaiveDate::from_ymd_opt(self.today.year(), self.fiscal_year_begins, 1)?;
                let year = self.today.year() - i32::from(begins > self.today);
                NaiveDate::from_ymd_opt(year + moved, self.fiscal_year_begins, 1)?
            }
            Dimension::Day | Dimension::Week => {
                let days = i64::from(moved) * if unit == Dimension::Week { 7 } else { 1 };
                unit.beginning(self.today)? + chrono::Duration::days(days)
            }
            _ => {
                let months = moved
                    * match unit {
                        Dimension::Month => 1,
                        Dimension::Quarter => 3,
                        _ => 12,
                    };
                shifted(unit.beginning(self.today)?, months)?
            }
        };
        Some(Span { from, to: unit.end(from) })
    }

    /// `n` whole intervals before the present one; of days the last `n` with today.
    fn last(&self, n: u32, unit: Dimension) -> Option<Span> {
        let moved = i32::try_from(n).ok()?;
        if unit == Dimension::Day {
            let from = self.today.checked_sub_days(DayCount::new(u64::from(n.max(1)) - 1))?;
            return Some(Span { from, to: self.today });
        }
        Some(Span { from: self.interval(unit, -moved)?.from, to: self.interval(unit, -1)?.to })
    }
}

/// What is meant in relation to something else.
fn relation(words: &[&str]) -> Option<(usize, When)> {
    const RELATIONS: &[(&[&str], bool)] = &[
        (&["same", "period", "last", "year"], true),
        (&["same", "time", "last", "year"], true),
        (&["this", "time", "last", "year"], true),
        (&["same", "month", "last", "year"], true),
        (&["same", "week", "last", "year"], true),
        (&["same", "weeks", "last", "year"], true),
        (&["same", "months", "last", "year"], true),
        (&["same", "day", "last", "year"], true),
        (&["same", "days", "last", "year"], true),
        (&["same", "dates", "last", "year"], true),
        (&["same", "week", "of", "last", "year"], true),
        (&["same", "week", "a", "year", "ago"], true),
        (&["same", "month", "a", "year", "ago"], true),
        (&["same", "period", "ly"], true),
        (&["yago"], true),
        (&["same", "quarter", "last", "year"], true),
        (&["same", "period", "of", "last", "year"], true),
        (&["same", "month", "of", "last", "year"], true),
        (&["same", "quarter", "of", "last", "year"], true),
        (&["same", "period", "the", "year", "before"], true),
        (&["same", "period", "a", "year", "ago"], true),
        (&["same", "period", "a", "year", "earlier"], true),
        (&["same", "period", "the", "previous", "year"], true),
        (&["same", "period", "previous", "year"], true),
        (&["year", "before"], true),
        (&["year", "earlier"], true),
        (&["year", "ago"], true),
        (&["previous", "period"], false),
        (&["prior", "period"], false),
        (&["preceding", "period"], false),
        (&["period", "before"], false),
        (&["month", "before"], false),
        (&["quarter", "before"], false),
        (&["week", "before"], false),
    ];
    let known = RELATIONS.iter().find(|(phrase, _)| words.starts_with(phrase))?;
    // `the month before last` is a month.
    if words.get(known.0.len()) == Some(&"last") {
        return None;
    }
    Some((known.0.len(), if known.1 { When::YearBefore } else { When::Before }))
}

/// What a span is called that may be one of the usual intervals.
fn unit_label(span: Span) -> String {
    let units = [Dimension::Month, Dimension::Quarter, Dimension::Year];
    let unit = units
        .into_iter()
        .find(|unit| unit.beginning(span.from) == Some(span.from) && unit.end(span.from) == span.to);
    label_of(unit.unwrap_or(Dimension::Day), span)
}

fn shifted(day: NaiveDate, months: i32) -> Option<NaiveDate> {
    let count = Months::new(months.unsigned_abs());
    if months < 0 { day.checked_sub_months(count) } else { day.checked_add_months(count) }
}
