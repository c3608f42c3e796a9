//! Which days a question is about, and with which it compares them.

use chrono::{Datelike as _, Days as DayCount, NaiveDate, Weekday};
use domain::metrics::{Dimension, Span};

use super::{
    draft::{Draft, clarify},
    shape::against,
};
use crate::{
    Reading, World,
    calendar::{Days, When, label_of},
    lexicon::Sense,
};

/// The days that are meant, and the other ones.
#[derive(Debug, Clone)]
pub(super) struct Spans {
    pub(super) days: Days,
    pub(super) with: Option<Days>,
}

/// Puts the mentions of time together.
///
/// # Errors
/// The question back, when they do not fit together.
pub(super) fn spans(draft: &mut Draft, world: World<'_>) -> Result<Spans, Box<Reading>> {
    let compares = compares(draft);
    let alone = |days| Ok(Spans { days, with: None });
    match &draft.times.clone()[..] {
        [] => alone(Days::always()),
        [When::Days(days)] if draft.against => Err(against(draft, days, world)),
        [When::Days(days)] => alone(days.clone()),
        [When::Range { ends: (first, last), .. }] if compares && first.span() == last.span() => {
            two(draft, first, last, compares)
        }
        [When::Range { ends: (first, last), .. }] if compares => {
            Ok(Spans { days: last.clone(), with: Some(first.clone()) })
        }
        [When::Range { days, .. }] => alone(days.clone()),
        [When::Before | When::YearBefore] => {
            Err(clarify("Which days do you mean, and with which should I compare them?"))
        }
        [When::Days(days) | When::Range { days, .. }, relation @ (When::Before | When::YearBefore)]
        | [relation @ (When::Before | When::YearBefore), When::Days(days) | When::Range { days, .. }] => {
            let with = related(days, *relation == When::YearBefore);
            match with {
                Some(with) => Ok(Spans { days: days.clone(), with: Some(with) }),
                None => Err(clarify("With which days should I compare them?")),
            }
        }
        [
            When::Days(one) | When::Range { days: one, .. },
            When::Days(other) | When::Range { days: other, .. },
        ] => two(draft, one, other, compares),
        several => match neighbours(several) {
            Some((unit, days)) if !draft.by.iter().any(|by| by.is_time()) && draft.every.is_none() => {
                draft.by.insert(0, unit);
                alone(days)
            }
            _ => {
                Err(clarify("You name several times: which one do you mean, or which two should I compare?"))
            }
        },
    }
    .map(|spans: Spans| ahead(draft, spans, world))
}

/// Several intervals of one kind, one after the other, as one span that is broken down.
fn neighbours(times: &[When]) -> Option<(Dimension, Days)> {
    let mut spans: Vec<Span> = times
        .iter()
        .map(|time| match time {
            When::Days(days) => days.span(),
            _ => None,
        })
        .collect::<Option<_>>()?;
    spans.sort_by_key(|span| span.from);
    let unit = unit_of(*spans.first()?)?;
    let joined = spans.windows(2).all(|pair| pair[0].to.succ_opt() == Some(pair[1].from));
    let alike = spans.iter().all(|span| unit_of(*span) == Some(unit));
    let (first, last) = (spans.first()?, spans.last()?);
    let label = format!("{} to {}", label_of(unit, *first), label_of(unit, *last));
    (joined && alike).then(|| (unit, Days::of(Span { from: first.from, to: last.to }, label)))
}

fn compares(draft: &Draft) -> bool {
    let words = [Sense::Compare, Sense::Versus, Sense::Change, Sense::Growth];
    words.iter().any(|word| draft.has(*word)) || draft.moving.is_some() || draft.growth_of.is_some()
}

fn two(draft: &mut Draft, one: &Days, other: &Days, compares: bool) -> Result<Spans, Box<Reading>> {
    let (Some(first), Some(second)) = (one.span(), other.span()) else {
        return Err(clarify("Which days should I compare?"));
    };
    let ((now, span), (before, with)) = if first.from >= second.from {
        ((one, first), (other, second))
    } else {
        ((other, second), (one, first))
    };
    let days = |span: Span| (span.to - span.from).num_days();
    // `this month against last year`: the same month.
    if days(with) > 360 && days(span) < 360 && with.from.year() < span.from.year() {
        let with = related(now, true);
        return Ok(Spans { days: now.clone(), with });
    }
    // `the last 28 days against the prior 28 days`.
    if span == with {
        // `this October against last October`: of those there is one a year.
        let yearly = !now.year_was_said && !before.year_was_said;
        return Ok(Spans { days: now.clone(), with: related(now, yearly) });
    }
    if with.to >= span.from {
        // `the last 6 months of 2024` and the like: neither says which is meant.
        return Err(clarify("The times you name overlap: which one do you mean?"));
    }
    let unit = unit_of(span).filter(|unit| unit_of(with) == Some(*unit));
    let neighbours = with.to.succ_opt() == Some(span.from);
    match unit {
        Some(unit) if !compares && neighbours => {
            // `monthly sales 2024 and 2025`: broken down already.
            if draft.every.is_none() && !draft.by.iter().any(|by| by.is_time()) {
                draft.by.insert(0, unit);
            }
            let label = format!("{} and {}", before.label, now.label);
            Ok(Spans { days: Days::of(Span { from: with.from, to: span.to }, label), with: None })
        }
        _ => Ok(Spans { days: now.clone(), with: Some(before.clone()) }),
    }
}

/// Of what is to come the next one is meant, where no year is said.
fn ahead(draft: &Draft, mut spans: Spans, world: World<'_>) -> Spans {
    if draft.has(Sense::Forecast)
        && let (Some(span), false) = (spans.days.span(), spans.days.year_was_said)
        && span.to < world.calendar.today
        && let Some(unit) = unit_of(span)
        && let (Some(from), Some(to)) =
            (span.from.with_year(span.from.year() + 1), span.to.with_year(span.to.year() + 1))
    {
        let span = Span { from, to };
        spans.days = Days::of(span, label_of(unit, span));
    }
    spans
}

/// The same days earlier: just before, or a year.
pub(super) fn related(days: &Days, a_year: bool) -> Option<Days> {
    let span = days.span()?;
    let with = match (unit_of(span), a_year) {
        // Weeks keep their number, as far as the year has so many.
        (Some(Dimension::Week), true) => week_a_year_before(span)?,
        (_, true) => span.year_before()?,
        (_, false) => span.before()?,
    };
    let label =
        unit_of(with).map_or_else(|| format!("{} to {}", with.from, with.to), |unit| label_of(unit, with));
    Some(Days::of(with, label))
}

fn week_a_year_before(span: Span) -> Option<Span> {
    let week = span.from.iso_week();
    let same = NaiveDate::from_isoywd_opt(week.year() - 1, week.week(), Weekday::Mon);
    let from = same.or_else(|| span.from.checked_sub_days(DayCount::new(52 * 7)))?;
    Some(Span { from, to: Dimension::Week.end(from) })
}

/// The interval that a span is one of.
pub(super) fn unit_of(span: Span) -> Option<Dimension> {
    let units = [Dimension::Month, Dimension::Quarter, Dimension::Year, Dimension::Week, Dimension::Day];
    units
        .into_iter()
        .find(|unit| unit.beginning(span.from) == Some(span.from) && unit.end(span.from) == span.to)
}
