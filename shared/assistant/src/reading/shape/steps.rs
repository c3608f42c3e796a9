//! From one time to another: comparisons, growth, and what moved.

use domain::metrics::{Analysis, Dimension, Filter, Order};

use super::{Planned, RANKED, analysis, over_time, planned, ranked};
use crate::{
    Shape, World,
    calendar::Days,
    lexicon::Sense,
    plan::Direction,
    reading::{
        Choice, Reading,
        draft::{Draft, clarify},
        noun,
        span::{self, Spans},
    },
};

pub(super) fn moving(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let direction = draft.moving.unwrap_or(Direction::Either);
    if draft.by.is_empty() {
        draft.by = draft.loose.clone();
        draft.by.extend(draft.subject.filter(|_| draft.loose.is_empty()));
    }
    if !draft.having.is_empty() {
        return Err(clarify(
            "I can show what grew or fell, biggest step first, not by how much at least: shall I?",
        ));
    }
    let mut days = spans.days.clone();
    let with = match &spans.with {
        Some(with) => Some(with.clone()),
        None => {
            if days.span().is_none() {
                let last = world.calendar.interval(Dimension::Month, -1);
                days = last
                    .map_or(days, |span| Days::of(span, crate::calendar::label_of(Dimension::Month, span)));
                draft.notes.push(
                    "No time is named, so I compare the last whole month with the one before.".to_owned(),
                );
            }
            // What runs from the beginning of a year grows against the same days of the year before.
            let from_new_year = days.span().is_some_and(|span| {
                Dimension::Year.beginning(span.from) == Some(span.from) && span::unit_of(span).is_none()
            });
            span::related(&days, from_new_year || draft.growth_of == Some(Dimension::Year))
        }
    };
    let (Some(with), Some(span)) = (with, days.span()) else {
        return Err(clarify("Which days should I compare with which?"));
    };
    let Some(with_span) = with.span() else { return Err(clarify("Which days should I compare with which?")) };
    draft.every = None;
    if (draft.has(Sense::Driver) || draft.steepest) && draft.by.is_empty() {
        return Err(drivers(draft, &days, (with_span, &with.label), direction));
    }
    let mut analysis = analysis(draft, &days).within(span.from, span.to);
    analysis.limit = draft.rank.and_then(|rank| rank.limit);
    let shape = match analysis.by.is_empty() {
        true => Shape::Compare { with: with_span, named: with.label },
        false => Shape::Movers { with: with_span, named: with.label, direction },
    };
    Ok(planned(draft, analysis, shape, &days))
}

/// What moved a figure depends on what one looks at.
fn drivers(
    draft: &Draft,
    days: &Days,
    with: (domain::metrics::Span, &str),
    direction: Direction,
) -> Box<Reading> {
    let choice = |dimension: Dimension| {
        let analysis = Analysis { by: vec![dimension], ..analysis(draft, days) };
        let shape = Shape::Movers { with: with.0, named: with.1.to_owned(), direction };
        Choice { label: format!("By {}", noun(dimension)), plan: planned(draft, analysis, shape, days) }
    };
    let parts =
        [Dimension::Product, Dimension::Vendor, Dimension::Country, Dimension::Channel, Dimension::Store];
    let message = format!(
        "What moved {} against {}: shall I look at it by product, vendor, country, channel or store?",
        days.label, with.1
    );
    Box::new(Reading::Clarify { message, choices: parts.map(choice).into() })
}

pub(super) fn growth(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let shorter = |unit: Dimension| {
        let span = spans.days.span();
        span.is_some_and(|span| span::unit_of(span) == Some(unit))
    };
    let within_year = spans.days.span().is_some_and(|span| (span.to - span.from).num_days() < 360);
    if draft.rank.is_some() && spans.days.span().is_some() {
        if !draft.by_growth {
            return Err(clarify("The growth of the best ones, or the ones that grew most?"));
        }
        let up = draft.rank.is_some_and(|rank| rank.highest);
        draft.moving = Some(if up { Direction::Up } else { Direction::Down });
        return moving(draft, spans, world);
    }
    match draft.growth_of.or(draft.every) {
        _ if spans.with.is_some() => compare(draft, spans),
        Some(Dimension::Year) if within_year => {
            let with = span::related(&spans.days, true);
            compare(draft, &Spans { with, ..spans.clone() })
        }
        Some(unit) if shorter(unit) => {
            let with = span::related(&spans.days, false);
            compare(draft, &Spans { with, ..spans.clone() })
        }
        Some(unit) => {
            draft.every = Some(unit);
            Ok(over_time(draft, spans, Shape::Growth))
        }
        None if spans.days.span().is_some() => {
            draft.moving = Some(Direction::Either);
            moving(draft, spans, world)
        }
        None => {
            let unit = [
                ("Month over month", Dimension::Month),
                ("Quarter over quarter", Dimension::Quarter),
                ("Year over year", Dimension::Year),
            ];
            let choices = unit.map(|(label, unit)| {
                draft.every = Some(unit);
                Choice { label: label.to_owned(), plan: over_time(draft, spans, Shape::Growth) }
            });
            Err(Box::new(Reading::Clarify {
                message: "Growth from when to when?".to_owned(),
                choices: choices.into(),
            }))
        }
    }
}

pub(super) fn compare(draft: &mut Draft, spans: &Spans) -> Planned {
    let named = |filter: &Filter| draft.names_several(filter);
    let compared: Vec<Dimension> =
        draft.filters.iter().filter(|f| named(f)).map(|filter| filter.dimension).collect();
    if let Some(with) = &spans.with {
        let (Some(_), Some(span)) = (spans.days.span(), with.span()) else {
            return Err(clarify("Which days should I compare with which?"));
        };
        let shape = Shape::Compare { with: span, named: with.label.clone() };
        if (draft.has(Sense::Compare) || draft.has(Sense::Versus)) && draft.by.iter().all(|by| by.is_time()) {
            // `growth of Liberty vs growth of Galilu`: each for itself.
            draft.by.extend(compared.iter().copied());
        }
        if draft.has(Sense::Trend) && draft.every.is_none() && !draft.by.iter().any(|by| by.is_time()) {
            draft.every = Some(Dimension::Month);
        }
        let mut analysis = analysis(draft, &spans.days);
        if let Some(rank) = draft.rank {
            ranked(draft.rank, draft.ranked_by, &mut analysis);
            analysis.limit = rank.limit.or((!draft.sorted).then_some(RANKED));
        }
        return Ok(planned(draft, analysis, shape, &spans.days));
    }
    if draft.rank.is_some() && draft.has(Sense::Change) {
        return Err(clarify("The best ones of when, and what of them should I compare?"));
    }
    // Two vendors by month: a line for each.
    let all_times = draft.by.iter().all(|by| by.is_time());
    if (!draft.by.is_empty() || draft.every.is_some()) && all_times {
        draft.by.extend(compared.iter().copied());
    }
    let over_days = draft.has(Sense::Change) && draft.loose.is_empty() && compared.is_empty();
    if over_days && draft.by.is_empty() && draft.every.is_none() {
        // `how has Liberty developed since 2023`.
        draft.every = Some(Dimension::Month);
    }
    if draft.by.is_empty() && draft.every.is_none() {
        match (&compared[..], &draft.loose[..]) {
            ([dimension], _) => draft.by.push(*dimension),
            ([], [dimension]) => draft.by.push(*dimension),
            _ => {
                return Err(clarify(
                    "What should I compare with what? For example two months, two vendors, or online with retail.",
                ));
            }
        }
    }
    let mut analysis = analysis(draft, &spans.days);
    if !analysis.by.iter().any(|by| by.is_time()) {
        analysis.order = Order::Highest(analysis.metrics[0]);
    }
    Ok(planned(draft, analysis, Shape::Figures, &spans.days))
}
