//! From what a question says to a plan.

use domain::metrics::{Analysis, Dimension, Filter, Metric, Order};

use super::{
    Choice, Reading,
    draft::{Draft, Rank, clarify},
    span::{self, Spans},
};
use crate::{
    Plan, Shape, World,
    calendar::Days,
    lexicon::Sense,
    plan::{Direction, Having},
};

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
    if draft.has(Sense::Vague) && draft.metrics.is_empty() && !draft.sold {
        return Err(vague(draft, world));
    }
    if draft.has(Sense::Contradiction) {
        return Err(clarify(CHANNELS));
    }
    if draft.has(Sense::Better) {
        return Err(better(draft, world));
    }
    if draft.where_ {
        return Err(places(draft, world));
    }
    if draft.who && draft.by.is_empty() {
        draft.by.push(Dimension::Vendor);
        draft.ranked = Some(Dimension::Vendor);
    }
    let spans = span::spans(draft, world)?;
    if both_channels(draft) {
        return Err(clarify(CHANNELS));
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

/// One group each of what is looked at: products, unless something else is named.
fn of_each(draft: &mut Draft, spans: &Spans, shape: Shape) -> Plan {
    // `when did Liberty start selling`: one day.
    let dates = matches!(shape, Shape::FirstSale | Shape::LastSale);
    let others = |filter: &Filter| !filter.excluded && filter.dimension != Dimension::Product;
    if !(dates && draft.by.is_empty() && draft.loose.is_empty() && draft.filters.iter().any(others)) {
        named_or(draft, Dimension::Product);
    }
    let mut analysis = analysis(draft, &spans.days);
    if shape == Shape::Volatility {
        analysis.metrics = vec![Metric::AveragePriceEur];
    }
    planned(draft, analysis, shape, &spans.days)
}

fn named_or(draft: &mut Draft, dimension: Dimension) {
    if draft.by.is_empty() {
        draft.by = match &draft.loose[..] {
            [] => vec![dimension],
            loose => loose.to_vec(),
        };
    }
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

fn not_sold(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    named_or(draft, Dimension::Product);
    let mut days = spans.days.clone();
    if days.from.is_none() && days.to.is_none() {
        let since = world.calendar.today.checked_sub_months(chrono::Months::new(3));
        days = Days {
            from: since,
            to: Some(world.calendar.today),
            label: "the last three months".to_owned(),
            ..Days::always()
        };
        draft.notes.push("No time is named, so I look at the last three months.".to_owned());
    }
    if let Some(since) = days.since {
        days = Days {
            from: Some(since),
            to: Some(world.calendar.today),
            label: format!("since {since}"),
            ..days
        };
    }
    Ok(planned(draft, analysis(draft, &days), Shape::NotSold, &days))
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
    let counted = |draft: &Draft| {
        let analysis = Analysis { by: vec![dimension], ..analysis(draft, &spans.days) };
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

fn moving(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let direction = draft.moving.unwrap_or(Direction::Either);
    if draft.by.is_empty() {
        draft.by = draft.loose.clone();
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
            span::related(&days, draft.growth_of == Some(Dimension::Year))
        }
    };
    let (Some(with), Some(span)) = (with, days.span()) else {
        return Err(clarify("Which days should I compare with which?"));
    };
    let Some(with_span) = with.span() else { return Err(clarify("Which days should I compare with which?")) };
    draft.every = None;
    if draft.has(Sense::Driver) && draft.by.is_empty() {
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
        Choice {
            label: format!("By {}", super::noun(dimension)),
            plan: planned(draft, analysis, shape, days),
        }
    };
    let parts =
        [Dimension::Product, Dimension::Vendor, Dimension::Country, Dimension::Channel, Dimension::Store];
    let message = format!(
        "What moved {} against {}: shall I look at it by product, vendor, country, channel or store?",
        days.label, with.1
    );
    Box::new(Reading::Clarify { message, choices: parts.map(choice).into() })
}

fn growth(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let shorter = |unit: Dimension| {
        let span = spans.days.span();
        span.is_some_and(|span| span::unit_of(span) == Some(unit))
    };
    let within_year = spans.days.span().is_some_and(|span| (span.to - span.from).num_days() < 360);
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

fn compare(draft: &mut Draft, spans: &Spans) -> Planned {
    let named = |filter: &Filter| !filter.excluded && filter.values.len() > 1;
    let compared: Vec<Dimension> =
        draft.filters.iter().filter(|f| named(f)).map(|filter| filter.dimension).collect();
    if let Some(with) = &spans.with {
        let (Some(_), Some(span)) = (spans.days.span(), with.span()) else {
            return Err(clarify("Which days should I compare with which?"));
        };
        let shape = Shape::Compare { with: span, named: with.label.clone() };
        return Ok(planned(draft, analysis(draft, &spans.days), shape, &spans.days));
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

fn share(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    if draft.by.is_empty() && draft.every.is_none() {
        draft.by = draft.loose.clone();
    }
    let of_time = draft.every.is_some() || draft.by.iter().all(|by| by.is_time());
    if draft.filters.is_empty() || !of_time {
        if draft.by.is_empty() {
            return Err(clarify("The share of what? For example of each vendor, or of one of them."));
        }
        let mut analysis = analysis(draft, &spans.days);
        if !analysis.metrics[0].definition().additive {
            return Err(clarify("That figure has no parts that add up to a whole."));
        }
        ranked(draft.rank, &mut analysis);
        return Ok(planned(draft, analysis, Shape::Share, &spans.days));
    }
    let filters = std::mem::take(&mut draft.filters);
    let part_of = |draft: &Draft, place: usize| {
        let mut whole = filters.clone();
        let of = vec![whole.remove(place)];
        let analysis = Analysis { filters: whole, ..analysis(draft, &spans.days) };
        planned(draft, analysis, Shape::PartOf { of }, &spans.days)
    };
    if let [_] = filters[..] {
        return Ok(part_of(draft, 0));
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

fn average(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    let ready = draft
        .metrics
        .first()
        .is_some_and(|metric| !metric.definition().additive && *metric != Metric::Orders);
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
    ranked(draft.rank, &mut analysis);
    Ok(planned(draft, analysis, Shape::Average, &spans.days))
}

fn ranked(rank: Option<Rank>, analysis: &mut Analysis) {
    let metric = analysis.metrics[0];
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
    let grouping = draft.rank.is_some() || !draft.having.is_empty();
    if draft.by.is_empty() && draft.every.is_none() && (grouping || draft.has(Sense::Breakdown)) {
        draft.by = draft.loose.clone();
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
        ranked(Some(Rank { limit: None, ..rank }), &mut analysis);
        return Ok(planned(draft, analysis, Shape::BestPer { keep }, &spans.days));
    }
    ranked(draft.rank, &mut analysis);
    if draft.rank.is_some() && analysis.limit.is_none() {
        analysis.limit = Some(if draft.singular { 1 } else { RANKED });
    }
    Ok(planned(draft, analysis, Shape::Figures, &spans.days))
}

/// `what sells at Liberty`: products, unlike `what did Liberty sell`.
fn asks_for_products(draft: &Draft) -> bool {
    draft.what_sells && draft.metrics.is_empty()
}

fn is_about_something(draft: &Draft) -> bool {
    let figures = !draft.metrics.is_empty() || draft.sold;
    figures || draft.doing && (!draft.filters.is_empty() || !draft.times.is_empty())
}

/// `show me all my resellers`.
fn listed(draft: &Draft, spans: &Spans) -> Option<Planned> {
    let dimension = draft.list.or_else(|| match &draft.all[..] {
        [dimension] if draft.metrics.is_empty() && !draft.sold => Some(*dimension),
        _ => None,
    })?;
    let analysis = Analysis { by: vec![dimension], order: Order::Group, ..analysis(draft, &spans.days) };
    Some(Ok(planned(draft, analysis, Shape::List, &spans.days)))
}

/// Too little is said: what could be meant.
fn vague(draft: &Draft, world: World<'_>) -> Box<Reading> {
    let mut choices = Vec::new();
    let mut offer = |label: &str, change: &dyn Fn(&mut Draft)| {
        let mut draft = Draft { flags: Vec::new(), loose: Vec::new(), sold: true, ..draft.clone() };
        change(&mut draft);
        if let Reading::Answerable(plan) = plan(draft, world) {
            choices.push(Choice { label: label.to_owned(), plan: *plan });
        }
    };
    offer("Revenue in total", &|draft| draft.by.clear());
    offer("Units in total", &|draft| {
        draft.by.clear();
        draft.metrics = vec![Metric::Units];
    });
    offer("Revenue by month", &|draft| draft.by = vec![Dimension::Month]);
    offer("Revenue by vendor", &|draft| draft.by = vec![Dimension::Vendor]);
    offer("Best selling products", &|draft| {
        draft.by = vec![Dimension::Product];
        draft.rank = Some(Rank { highest: true, limit: Some(RANKED) });
    });
    Box::new(Reading::Clarify { message: "What do you want to know about it?".to_owned(), choices })
}

/// `which products sell better online`: than offline, or than other products.
fn better(draft: &Draft, world: World<'_>) -> Box<Reading> {
    let without = Draft {
        flags: draft.flags.iter().copied().filter(|flag| *flag != Sense::Better).collect(),
        ..draft.clone()
    };
    let best = Draft { rank: Some(Rank { highest: true, limit: Some(RANKED) }), ..without.clone() };
    let mut split = Draft { filters: Vec::new(), ..without };
    split.by.push(Dimension::Channel);
    let mut choices = Vec::new();
    for (label, draft) in [("The ones that sell best", best), ("Each by channel, side by side", split)] {
        if let Reading::Answerable(plan) = plan(draft, world) {
            choices.push(Choice { label: label.to_owned(), plan: *plan });
        }
    }
    Box::new(Reading::Clarify { message: "Better than what?".to_owned(), choices })
}

fn places(draft: &Draft, world: World<'_>) -> Box<Reading> {
    let mut choices = Vec::new();
    for dimension in [Dimension::Country, Dimension::Vendor, Dimension::Store, Dimension::City] {
        let draft = Draft {
            where_: false,
            sold: true,
            by: vec![dimension],
            ranked: Some(dimension),
            ..draft.clone()
        };
        if let Reading::Answerable(plan) = plan(draft, world) {
            choices.push(Choice { label: format!("By {}", super::noun(dimension)), plan: *plan });
        }
    }
    Box::new(Reading::Clarify {
        message: "By which kind of place: country, vendor, store or city?".to_owned(),
        choices,
    })
}

fn total_or_each(draft: &Draft, spans: &Spans, dimension: Dimension) -> Box<Reading> {
    let each = Analysis { by: vec![dimension], ..analysis(draft, &spans.days) };
    let whole = analysis(draft, &spans.days);
    let noun = super::noun(dimension);
    Box::new(Reading::Clarify {
        message: format!("In total, or for each {noun}?"),
        choices: vec![
            Choice { label: "In total".to_owned(), plan: planned(draft, whole, Shape::Figures, &spans.days) },
            Choice {
                label: format!("For each {noun}"),
                plan: planned(draft, each, Shape::Figures, &spans.days),
            },
        ],
    })
}
