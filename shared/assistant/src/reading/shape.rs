//! From what a question says to a plan.

mod clash;
mod dates;
mod parts;
mod steps;
mod unclear;

use domain::metrics::{Analysis, Dimension, Filter, Metric, Order};

pub(super) use self::unclear::against;
use self::{
    clash::{dated, left_out_of_others, names_two, stores_beside_channel},
    dates::{not_sold, of_each},
    parts::{average, share},
    steps::{compare, growth, moving},
    unclear::{
        at_once, better, judged, of_one_currency, one_of_all, places, returned, total_or_each, vague, when,
    },
};
use super::{
    Choice, Reading,
    draft::{Draft, Rank, clarify},
    span::{self, Spans},
};
use crate::{Plan, Shape, World, calendar::Days, lexicon::Sense, plan::Having};

/// Groups of a ranking that does not say how many.
const RANKED: u32 = 10;
/// The same within each of several groups.
const RANKED_PER: u32 = 3;

/// What is said where one word asks for retailers and another for the web shop.
const CHANNELS: &str = "Retailers and your own web shop are two channels: do you mean the retailers, the web shop, or the retailers' online stores?";

type Planned = Result<Plan, Box<Reading>>;
/// The plan, or the question back.
pub(super) fn plan(mut draft: Draft, world: World<'_>) -> Reading {
    match checked(&mut draft, world) {
        Ok(plan) => Reading::Answerable(Box::new(plan)),
        Err(reading) => *reading,
    }
}

fn checked(draft: &mut Draft, world: World<'_>) -> Planned {
    fits(draft, world)?;
    let spans = span::spans(draft, world)?;
    if both_channels(draft) {
        return Err(clarify(CHANNELS));
    }
    if let Some(reading) = at_once(draft, &spans, world) {
        return Err(reading);
    }
    if spans.with.is_none() && stores_beside_channel(draft) {
        return Err(clarify("Single stores, or retail as a whole beside the web shop?"));
    }
    match () {
        () if draft.has(Sense::NotSold) => not_sold(draft, &spans, world),
        () if draft.has(Sense::FirstSale) => Ok(of_each(draft, &spans, Shape::FirstSale)),
        () if draft.has(Sense::LastSale) => Ok(of_each(draft, &spans, Shape::LastSale)),
        () if draft.has(Sense::Forecast) => forecast(draft, &spans, world),
        () if draft.has(Sense::Anomaly) => Ok(over_time(draft, &spans, Shape::Anomalies)),
        () if draft.has(Sense::Season) => Ok(over_time(draft, &spans, Shape::Seasonality)),
        () if draft.has(Sense::Volatility) => Ok(of_each(draft, &spans, Shape::Volatility)),
        () if draft.has(Sense::Pareto) => Ok(of_each(draft, &spans, Shape::Pareto)),
        () if draft.count.is_some() || draft.has(Sense::HowMany) => count(draft, &spans, world),
        () if draft.moving.is_some() || draft.has(Sense::Driver) => moving(draft, &spans, world),
        () if draft.growth_of.is_some() || draft.has(Sense::Growth) => growth(draft, &spans, world),
        () if spans.with.is_some()
            || draft.has(Sense::Compare)
            || draft.has(Sense::Versus)
            || draft.has(Sense::Change) && !draft.has(Sense::Trend) =>
        {
            compare(draft, &spans)
        }
        () if draft.has(Sense::Share) => share(draft, &spans, world),
        () if draft.has(Sense::Average) => average(draft, &spans, world),
        () => figures(draft, &spans, world),
    }
}

/// What has to be asked about before the days are known.
///
/// # Errors
/// The question back.
fn fits(draft: &mut Draft, world: World<'_>) -> Result<(), Box<Reading>> {
    if draft.has(Sense::Vague) && draft.metrics.is_empty() && !draft.sold {
        return Err(vague(draft, world));
    }
    if draft.has(Sense::Contradiction) {
        return Err(clarify(CHANNELS));
    }
    if draft.has(Sense::Better) {
        if !names_two(draft) {
            return Err(better(draft, world));
        }
        draft.flags.push(Sense::Versus);
    }
    if draft.has(Sense::HowMany) && draft.count.is_none() && draft.metrics.contains(&Metric::ReturnsEur) {
        return Err(returned(draft, world));
    }
    if draft.where_ {
        return Err(places(draft, world));
    }
    if draft.who && draft.by.is_empty() {
        draft.by.push(Dimension::Vendor);
        draft.ranked = Some(Dimension::Vendor);
    }
    if draft.local && draft.metrics.iter().all(|metric| *metric == Metric::RevenueEur) {
        if let Some(reading) = of_one_currency(draft, world) {
            return Err(reading);
        }
        draft.metrics = vec![Metric::RevenueLocal];
        draft.notes.push("Amounts are those booked in that currency; nothing is converted.".to_owned());
    }
    if draft.when && !dated(draft) {
        return Err(when(draft, world));
    }
    if draft.has(Sense::Recently) && !draft.has(Sense::NotSold) && draft.times.is_empty() {
        return Err(clarify("Since when? For example last month, the last 3 months or this year."));
    }
    if let Some(name) = left_out_of_others(draft, world) {
        return Err(clarify(&format!(
            "{name} is no part of what you name beside it: what is to be left out of what?"
        )));
    }
    Ok(())
}

/// `online and offline`: every row is one of both, so they are groups and no filter. Tells whether they contradict each other:
/// no retailer sells in the web shop.
fn both_channels(draft: &mut Draft) -> bool {
    let both = |filter: &Filter| {
        filter.dimension == Dimension::Channel && !filter.excluded && filter.values.len() > 1
    };
    if !draft.filters.iter().any(both) {
        return false;
    }
    let compares =
        draft.has(Sense::Compare) || draft.has(Sense::Versus) || draft.by.contains(&Dimension::Channel);
    if draft.by.contains(&Dimension::Vendor) && !compares {
        return true;
    }
    draft.filters.retain(|filter| !both(filter));
    if !draft.by.contains(&Dimension::Channel) {
        draft.by.push(Dimension::Channel);
    }
    draft.by.retain(|dimension| *dimension != Dimension::Vendor);
    false
}

/// The analysis that everything said makes.
fn analysis(draft: &Draft, days: &Days) -> Analysis {
    let bounded = draft.having.iter().find_map(|(metric, ..)| *metric).unwrap_or(Metric::RevenueEur);
    let metrics = if draft.metrics.is_empty() { vec![bounded] } else { draft.metrics.clone() };
    let mut by = draft.by.clone();
    if let Some(interval) = draft.every
        && !by.contains(&interval)
    {
        by.insert(0, interval);
    }
    Analysis { by, from: days.from, to: days.to, filters: draft.filters.clone(), ..Analysis::of(&metrics) }
}

fn planned(draft: &Draft, analysis: Analysis, shape: Shape, days: &Days) -> Plan {
    let first = analysis.metrics.first().copied().unwrap_or(Metric::RevenueEur);
    let having = draft.having.iter().map(|(metric, bound, value)| Having {
        metric: metric.unwrap_or(first),
        bound: *bound,
        value: *value,
    });
    let days = (days.from.is_some() || days.to.is_some()).then(|| days.label.clone());
    Plan { analysis, shape, having: having.collect(), days, notes: draft.notes.clone() }
}

fn over_time(draft: &mut Draft, spans: &Spans, shape: Shape) -> Plan {
    let interval = interval(draft);
    draft.every = None;
    let mut analysis = analysis(draft, &spans.days);
    analysis.by.retain(|by| !by.is_time());
    analysis.by.insert(0, interval);
    planned(draft, analysis, shape, &spans.days)
}

fn interval(draft: &Draft) -> Dimension {
    let of_time = |by: &&Dimension| by.is_time();
    draft
        .every
        .or_else(|| draft.by.iter().chain(&draft.loose).find(of_time).copied())
        .unwrap_or(Dimension::Month)
}

fn forecast(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let unit = spans.days.span().and_then(span::unit_of);
    let over = spans.days.to.is_some_and(|to| to < world.calendar.today);
    if over {
        draft.flags.retain(|flag| *flag != Sense::Forecast);
        let plan = figures(draft, spans, world)?;
        let message = format!(
            "{} is over: I can show what was sold, not expect it. Do you want the figures?",
            spans.days.label
        );
        let choices = vec![Choice { label: format!("The figures of {}", spans.days.label), plan }];
        return Err(Box::new(Reading::Clarify { message, choices }));
    }
    if draft.every.is_none() && !draft.by.iter().any(|by| by.is_time()) {
        draft.every =
            unit.filter(|unit| matches!(unit, Dimension::Month | Dimension::Week | Dimension::Quarter));
    }
    Ok(over_time(draft, spans, Shape::Forecast))
}

fn count(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let Some(dimension) = draft.count else {
        // `how many did Liberty sell`: pieces.
        if draft.metrics.is_empty() {
            draft.metrics.push(Metric::Units);
        }
        draft.flags.retain(|flag| *flag != Sense::HowMany);
        return checked_again(draft, spans, world);
    };
    // `how many stores per retailer`: the counted one comes last.
    let counted = |draft: &Draft| {
        let mut analysis = analysis(draft, &spans.days);
        analysis.by.retain(|by| *by != dimension);
        analysis.by.push(dimension);
        planned(draft, analysis, Shape::Count, &spans.days)
    };
    let several = dimension == Dimension::Product
        && draft.sold
        && !draft.has(Sense::Different)
        && draft.having.is_empty();
    if several {
        let different = counted(draft);
        draft.count = None;
        draft.metrics = vec![Metric::Units];
        draft.flags.retain(|flag| *flag != Sense::HowMany);
        let pieces = figures(draft, spans, world)?;
        return Err(Box::new(Reading::Clarify {
            message: "Do you mean how many different products, or how many pieces?".to_owned(),
            choices: vec![
                Choice { label: "Different products".to_owned(), plan: different },
                Choice { label: "Pieces".to_owned(), plan: pieces },
            ],
        }));
    }
    Ok(counted(draft))
}

fn checked_again(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    match () {
        () if spans.with.is_some() => compare(draft, spans),
        () if draft.has(Sense::Share) => share(draft, spans, world),
        () if draft.has(Sense::Average) => average(draft, spans, world),
        () => figures(draft, spans, world),
    }
}

fn ranked(rank: Option<Rank>, by: Option<Metric>, analysis: &mut Analysis) {
    let metric = by.filter(|by| analysis.metrics.contains(by)).unwrap_or(analysis.metrics[0]);
    match rank {
        Some(rank) => {
            analysis.order = if rank.highest { Order::Highest(metric) } else { Order::Lowest(metric) };
            analysis.limit = rank.limit;
        }
        None if !analysis.by.iter().any(|by| by.is_time()) && !analysis.by.is_empty() => {
            analysis.order = Order::Highest(metric)
        }
        None => {}
    }
}

fn figures(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    if draft.has(Sense::Trend) && draft.every.is_none() && !draft.by.iter().any(|by| by.is_time()) {
        draft.every = Some(Dimension::Month);
    }
    group(draft);
    if let Some(reading) = one_of_all(draft, world) {
        return Err(reading);
    }
    if coded(draft) {
        draft.metrics = vec![Metric::RevenueEur, Metric::Units];
    }
    if draft.by.is_empty() && draft.every.is_none() {
        if draft.rank.is_some() && draft.metrics.is_empty() && !draft.sold && !draft.doing {
            return Err(vague(draft, world));
        }
        if draft.rank.is_some() || asks_for_products(draft) {
            // `what sold best`: a product, unless something else is named.
            draft.by.push(Dimension::Product);
        } else if !draft.having.is_empty() {
            return Err(clarify("A bound for each what? For example products, vendors or months."));
        } else if let Some(reading) = listed(draft, spans) {
            return reading;
        } else if !is_about_something(draft) {
            return Err(vague(draft, world));
        } else if let Some(loose) = draft.loose.first().copied().filter(|_| draft.filters.is_empty()) {
            return Err(total_or_each(draft, spans, loose));
        }
    }
    let mut analysis = analysis(draft, &spans.days);
    let of_all = draft.metrics.is_empty()
        && !draft.sold
        && !draft.doing
        && draft.rank.is_none()
        && !draft.has(Sense::Breakdown);
    if of_all
        && draft.filters.is_empty()
        && draft.times.is_empty()
        && draft.every.is_none()
        && draft.having.is_empty()
    {
        return Err(vague(draft, world));
    }
    let per = draft.ranked.filter(|_| draft.rank.is_some() && analysis.by.len() > 1);
    if let (Some(inner), Some(rank)) = (per, draft.rank) {
        analysis.by.retain(|by| *by != inner);
        analysis.by.push(inner);
        let keep = rank.limit.unwrap_or(if draft.singular { 1 } else { RANKED_PER });
        ranked(Some(Rank { limit: None, ..rank }), draft.ranked_by, &mut analysis);
        return Ok(planned(draft, analysis, Shape::BestPer { keep }, &spans.days));
    }
    if draft.each && !draft.having.is_empty() && analysis.by.len() > 1 {
        return Err(clarify(
            "I can show each month or other interval within those bounds, not what keeps to them in all.",
        ));
    }
    if let Some(reading) = judged(draft, &analysis, world) {
        return Err(reading);
    }
    ranked(draft.rank, draft.ranked_by, &mut analysis);
    if draft.rank.is_some() && analysis.limit.is_none() && !draft.sorted {
        analysis.limit = Some(if draft.singular { 1 } else { RANKED });
    }
    Ok(planned(draft, analysis, Shape::Figures, &spans.days))
}

/// Groups that are named without a word that says so.
fn group(draft: &mut Draft) {
    if draft.by.is_empty() && (draft.has(Sense::Breakdown) || draft.has(Sense::Between)) {
        // `the split between Liberty and Galilu`.
        let sides = draft.filters.iter().filter(|filter| draft.names_several(filter));
        draft.by = sides.map(|filter| filter.dimension).collect();
    }
    if let Some(list) = draft.list.filter(|_| draft.by.is_empty() && !draft.metrics.is_empty()) {
        // `list the stores with their revenue`.
        draft.by.push(list);
    }
    let grouping = draft.rank.is_some() || !draft.having.is_empty();
    if draft.by.is_empty() && draft.every.is_none() && (grouping || draft.has(Sense::Breakdown)) {
        draft.by = draft.loose.clone();
        if draft.by.is_empty() {
            draft.by = draft.list.or(draft.subject).or(draft.all.first().copied()).into_iter().collect();
        }
    }
}

/// `what sells at Liberty`: products, unlike `what did Liberty sell`.
fn asks_for_products(draft: &Draft) -> bool {
    draft.what_sells && draft.metrics.is_empty()
}

/// `7350154320022`: what was sold of it.
fn coded(draft: &Draft) -> bool {
    let words = draft.sold || draft.doing || draft.rank.is_some() || draft.every.is_some();
    let groups = draft.by.iter().chain(&draft.all).chain(&draft.list).next().is_some();
    draft.coded
        && !draft.filters.is_empty()
        && draft.filters.iter().all(|filter| filter.dimension == Dimension::Product)
        && draft.metrics.is_empty()
        && !words
        && !groups
        && draft.flags.is_empty()
        && draft.loose.iter().all(|noun| *noun == Dimension::Product)
}

fn is_about_something(draft: &Draft) -> bool {
    let figures = !draft.metrics.is_empty() || draft.sold;
    figures || (draft.doing || draft.how) && (!draft.filters.is_empty() || !draft.times.is_empty())
}

/// `show me all my resellers`.
fn listed(draft: &Draft, spans: &Spans) -> Option<Planned> {
    let dimension = draft.list.or_else(|| match &draft.all[..] {
        [dimension] if draft.metrics.is_empty() && !draft.sold && !draft.combined => Some(*dimension),
        _ => None,
    })?;
    let analysis = Analysis { by: vec![dimension], order: Order::Group, ..analysis(draft, &spans.days) };
    Some(Ok(planned(draft, analysis, Shape::List, &spans.days)))
}
