//! Shares of a whole, and means over its parts.

use domain::metrics::{Analysis, Dimension, Filter, Metric};

use super::{Planned, analysis, figures, planned, ranked};
use crate::{
    Shape, World,
    reading::{
        Choice, Reading,
        draft::{Draft, clarify},
        noun,
        span::Spans,
    },
};

pub(super) fn share(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    if draft.by.is_empty() && draft.every.is_none() {
        draft.by = draft.loose.clone();
    }
    let of_time = draft.every.is_some() || draft.by.iter().all(|by| by.is_time());
    if draft.filters.is_empty() || !of_time {
        if draft.by.is_empty() {
            return Err(clarify("The share of what? For example of each vendor, or of one of them."));
        }
        if let Some(reading) = of_source(draft, spans) {
            return Err(reading);
        }
        let mut analysis = analysis(draft, &spans.days);
        if !analysis.metrics[0].definition().additive {
            return Err(clarify("That figure has no parts that add up to a whole."));
        }
        ranked(draft.rank, draft.ranked_by, &mut analysis);
        return Ok(planned(draft, analysis, Shape::Share, &spans.days));
    }
    let filters = std::mem::take(&mut draft.filters);
    let part_of = |draft: &Draft, place: usize| {
        let mut whole = filters.clone();
        let of = vec![whole.remove(place)];
        let analysis = Analysis { filters: whole, ..analysis(draft, &spans.days) };
        planned(draft, analysis, Shape::PartOf { of }, &spans.days)
    };
    let said = draft.part.and_then(|part| filters.iter().position(|filter| filter.dimension == part));
    if let Some(place) = said.or((filters.len() == 1).then_some(0)) {
        return Ok(part_of(draft, place));
    }
    let described = |filter: &Filter| {
        let values =
            filter.values.iter().flatten().map(|value| world.knowledge.label(filter.dimension, value));
        values.collect::<Vec<_>>().join(", ")
    };
    let choices = (0..filters.len()).map(|place| {
        let whole: Vec<String> = filters
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .map(|(_, f)| described(f))
            .collect();
        let label = format!("The part that {} has of {}", described(&filters[place]), whole.join(" and "));
        Choice { label, plan: part_of(draft, place) }
    });
    let choices = choices.collect();
    Err(Box::new(Reading::Clarify { message: "Which part of which whole do you mean?".to_owned(), choices }))
}

pub(super) fn average(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let ready = draft.metrics.first().is_some_and(|metric| {
        !metric.definition().additive && !matches!(metric, Metric::Orders | Metric::Buyers)
    });
    if ready {
        return figures(draft, spans, world);
    }
    let interval = draft.every.take().or_else(|| {
        let place = draft.by.iter().position(|by| by.is_time())?;
        Some(draft.by.remove(place))
    });
    if interval.is_none() && draft.by.is_empty() {
        draft.by = draft.loose.clone();
    }
    let mut analysis = analysis(draft, &spans.days);
    match interval {
        Some(interval) => analysis.by.push(interval),
        None if analysis.by.is_empty() => {
            let units =
                [("Per month", Dimension::Month), ("Per week", Dimension::Week), ("Per day", Dimension::Day)];
            let choices = units.map(|(label, unit)| {
                let analysis = Analysis { by: vec![unit], ..analysis.clone() };
                Choice {
                    label: label.to_owned(),
                    plan: planned(draft, analysis, Shape::Average, &spans.days),
                }
            });
            return Err(Box::new(Reading::Clarify {
                message: "The average per what?".to_owned(),
                choices: choices.into(),
            }));
        }
        None => {}
    }
    ranked(draft.rank, draft.ranked_by, &mut analysis);
    Ok(planned(draft, analysis, Shape::Average, &spans.days))
}

/// `share of revenue from candles by retailer`: what candles are of each retailer's, or what each retailer is of the candles'?
fn of_source(draft: &Draft, spans: &Spans) -> Option<Box<Reading>> {
    let source = draft.source?;
    let place = draft.filters.iter().position(|filter| filter.dimension == source && !filter.excluded)?;
    let each = analysis(draft, &spans.days);
    let mut whole = each.clone();
    let of = vec![whole.filters.remove(place)];
    let group = noun(*draft.by.last()?);
    let part = Choice {
        label: format!("Its part of what each {group} sold"),
        plan: planned(draft, whole, Shape::PartOf { of }, &spans.days),
    };
    let each = Choice {
        label: format!("The part that each {group} has of it"),
        plan: planned(draft, each, Shape::Share, &spans.days),
    };
    let message = "Which part of which whole do you mean?".to_owned();
    Some(Box::new(Reading::Clarify { message, choices: vec![part, each] }))
}
