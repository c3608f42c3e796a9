//! Rows that have dates of their own, in a file that states another period.

use chrono::Datelike;
use domain::{Period, Question, StatedPeriod};

use super::{FILE_NAME, anywhere, in_places, option, question};
use crate::{
    Input,
    detect::Peek,
    header::Found,
    month,
    profile::{Layout, PeriodSource},
    text,
};

/// A month or a longer span that the file states, none of which lies in the rows' own dates.
pub(crate) fn outside(
    input: &Input<'_>,
    layout: &Layout,
    (peeks, main): (&[Peek], Option<&Found>),
    stated: &[StatedPeriod],
) -> Option<Question> {
    /// Shorter spans are days of exports.
    const MIN_DAYS: i64 = 5;
    let own = layout.period.from;
    if matches!(own, PeriodSource::Stated | PeriodSource::Header | PeriodSource::FileNameMonth)
        || own == PeriodSource::FileNameWeekBefore
    {
        return None;
    }
    let mut named = in_places(input, &anywhere(&layout.period), peeks, main);
    named.retain(|(period, _)| (period.end() - period.start()).num_days() >= MIN_DAYS);
    let rows: Vec<Period> = stated.iter().filter(|s| s.cut.is_main()).map(|stated| stated.period).collect();
    let meets = |named: &Period| {
        rows.iter().any(|period| period.start() <= named.end() && named.start() <= period.end())
    };
    // `10-2026` may be the tenth week, and `Sep-20-2026` is the day of an export.
    let is_week = |month: &Period| {
        let week = |period: &Period| period.start().iso_week().week();
        rows.iter().any(|period| week(period).abs_diff(month.start().month()) <= 1)
    };
    named.retain(|(period, place)| place != FILE_NAME || !(is_week(period) || names_day(input.file_name)));
    if named.iter().any(|(period, _)| meets(period)) {
        return None;
    }
    let (other, place) = named.first()?;
    let all = Period::new(rows.iter().map(Period::start).min()?, rows.iter().map(Period::end).max()?).ok()?;
    let (from, to) = (other.start(), other.end());
    Some(Question {
        message: format!(
            "The dates of the rows lie between {} and {}, but {from} to {to} stands in {place}.",
            all.start(),
            all.end()
        ),
        ..question("period_conflict", "", vec![option(all, "the dates of the rows")])
    })
}

/// Whether a name has a day beside the name of a month.
fn names_day(name: &str) -> bool {
    let words = text::words(name);
    let is_day =
        |word: &String| word.len() <= 2 && word.parse().is_ok_and(|day: u32| (1..=31).contains(&day));
    let is_month = |word: &String| month::by_name(word).is_some();
    words.windows(2).any(|pair| {
        matches!(pair, [one, other] if (is_month(one) && is_day(other)) || (is_day(one) && is_month(other)))
    })
}
