//! What goes on with the question before: `how about June?`, `only online`, `the second one`.

use domain::metrics::{Dimension, Order};

use super::{
    Memory, Reading,
    draft::{Draft, Rank, clarify},
    shape,
};
use crate::{
    Plan, Shape, World,
    calendar::{Days, When},
    lexicon::Sense,
    tokens::Token,
};

/// The reading that was offered before and is chosen now: by its label or its place.
pub(super) fn chosen(question: &str, tokens: &[Token], memory: &Memory) -> Option<Plan> {
    let choices = &memory.choices;
    if choices.is_empty() {
        return None;
    }
    let same = |label: &str| domain::compact(label) == domain::compact(question);
    if let Some(choice) = choices.iter().find(|choice| same(&choice.label)) {
        return Some(choice.plan.clone());
    }
    let said: Vec<&Token> = tokens
        .iter()
        .filter(|token| {
            !matches!(token.word.as_str(), "the" | "please" | "one" | "by" | "for" | "in" | "i" | "mean")
        })
        .collect();
    let place = match said[..] {
        [token] => match token.word.as_str() {
            "first" | "1" | "1st" => Some(0),
            "second" | "2" | "2nd" => Some(1),
            "third" | "3" | "3rd" => Some(2),
            "fourth" | "4" | "4th" => Some(3),
            "fifth" | "5" | "5th" => Some(4),
            _ => None,
        },
        _ => None,
    };
    if let Some(place) = place {
        return choices.get(place).map(|choice| choice.plan.clone());
    }
    // A few words that only one of the labels has.
    let words =
        |label: &str| crate::tokens::tokens(label).into_iter().map(|token| token.word).collect::<Vec<_>>();
    let has_all = |label: &str| {
        let words = words(label);
        said.iter().all(|token| words.contains(&token.word))
    };
    let mut fitting = choices.iter().filter(|choice| has_all(&choice.label));
    match (fitting.next(), fitting.next()) {
        (Some(choice), None) if !said.is_empty() => Some(choice.plan.clone()),
        _ => None,
    }
}

/// The plan of what is said, with what was said before where it goes on with that.
pub(super) fn merged(draft: Draft, world: World<'_>, memory: &Memory) -> Reading {
    let Some(before) = memory.plan.as_ref() else {
        if draft.ordinal.is_some()
            || (draft.has(Sense::About) || draft.has(Sense::Then)) && !has_subject(&draft)
        {
            return vague_without_memory(draft, world);
        }
        return shape::plan(draft, world);
    };
    if !goes_on(&draft, before) {
        return shape::plan(draft, world);
    }
    if says_nothing(&draft) {
        return *clarify("What else do you want to know about it?");
    }
    let mut base = base_of(before);
    if draft.has(Sense::Driver) && draft.by.is_empty() {
        // `why?`: by what is asked next, and not by what was shown.
        (base.by, base.every, base.rank) = (Vec::new(), None, None);
    }
    if draft.has(Sense::Then) && draft.times.is_empty() && base.by.iter().any(|by| by.is_time()) {
        return *clarify("Which time do you mean by “then”?");
    }
    if let Some(place) = draft.ordinal {
        let Some((dimension, value)) = memory.rows.get(place) else {
            return *clarify("Which one do you mean? The last answer has no such row.");
        };
        base.filters.retain(|filter| filter.dimension != *dimension);
        base.by.clear();
        base.ranked = None;
        base.rank = None;
        base.every = None;
        base.having.clear();
        base.flags.clear();
        base.filter(*dimension, [value.clone()], false);
    }
    shape::plan(overlaid(base, draft), world)
}

fn vague_without_memory(draft: Draft, world: World<'_>) -> Reading {
    match shape::plan(Draft { flags: vec![Sense::Vague], ordinal: None, ..draft }, world) {
        Reading::Clarify { choices, .. } => Reading::Clarify {
            message: "There is no question before this one: what about it?".to_owned(),
            choices,
        },
        other => other,
    }
}

/// Whether something says what figures are wanted.
fn has_subject(draft: &Draft) -> bool {
    let analyses = [
        Sense::Forecast,
        Sense::Anomaly,
        Sense::Season,
        Sense::Pareto,
        Sense::Volatility,
        Sense::NotSold,
        Sense::FirstSale,
        Sense::LastSale,
        Sense::Driver,
        Sense::Vague,
        Sense::Better,
    ];
    !draft.metrics.is_empty()
        || draft.sold
        || draft.doing
        || draft.count.is_some()
        || draft.list.is_some()
        || draft.moving.is_some()
        || draft.growth_of.is_some()
        || !draft.all.is_empty()
        || draft.ranked.is_some()
        || analyses.into_iter().any(|sense| draft.has(sense))
}

/// `thanks`, `more`, `and in total?`: the same answer again would not be one.
fn says_nothing(draft: &Draft) -> bool {
    let words = draft.flags.iter().any(|flag| !matches!(flag, Sense::About | Sense::That | Sense::Instead));
    let groups = draft.by.iter().chain(&draft.loose).chain(&draft.every).next().is_some();
    !words
        && !groups
        && !has_subject(draft)
        && draft.filters.is_empty()
        && draft.times.is_empty()
        && draft.rank.is_none()
        && draft.having.is_empty()
        && draft.ordinal.is_none()
        && draft.count.is_none()
}

fn goes_on(draft: &Draft, before: &Plan) -> bool {
    let refers =
        [Sense::About, Sense::That, Sense::Instead, Sense::Then].into_iter().any(|sense| draft.has(sense));
    let bare = Draft { loose: Vec::new(), ..draft.clone() };
    let bare = bare_of(&bare);
    let only_a_figure = bare
        && !draft.metrics.is_empty()
        && !draft.has(Sense::Forecast)
        && draft.moving.is_none()
        && draft.growth_of.is_none()
        && draft.all.is_empty();
    // `sort by units`: of the groups that were shown.
    let other_order = draft.rank.is_some() && !before.analysis.by.is_empty();
    let only_an_order = Draft { rank: None, ..draft.clone() };
    let reordered = other_order && bare_of(&only_an_order) && !draft.sold && !draft.has(Sense::Which);
    // `and which grew?`
    let moved = draft.moving.is_some() && bare && draft.metrics.is_empty() && draft.has(Sense::Which);
    // `all countries`, after those of one.
    let widened = draft.all.iter().any(|noun| before.analysis.filters.iter().any(|f| f.dimension == *noun));
    let widened = widened && bare && draft.metrics.is_empty() && !draft.sold;
    let why =
        draft.has(Sense::Driver) && bare && draft.metrics.is_empty() && !draft.sold && draft.moving.is_none();
    refers
        || draft.ordinal.is_some()
        || !has_subject(draft)
        || only_a_figure
        || reordered
        || moved
        || widened
        || why
}

fn bare_of(draft: &Draft) -> bool {
    draft.filters.is_empty()
        && draft.times.is_empty()
        && draft.by.is_empty()
        && draft.loose.is_empty()
        && draft.every.is_none()
        && draft.rank.is_none()
}

/// A plan as what a question would have said.
fn base_of(plan: &Plan) -> Draft {
    let asked = &plan.analysis;
    let mut draft = Draft {
        metrics: asked.metrics.clone(),
        by: asked.by.clone(),
        filters: asked.filters.clone(),
        having: plan.having.iter().map(|having| (Some(having.metric), having.bound, having.value)).collect(),
        notes: plan.notes.clone(),
        sold: true,
        ..Draft::default()
    };
    if asked.from.is_some() || asked.to.is_some() {
        let label = plan.days.clone().unwrap_or_default();
        draft.times.push(When::Days(Days { from: asked.from, to: asked.to, label, ..Days::always() }));
    }
    draft.rank = match asked.order {
        Order::Group => None,
        Order::Highest(_) if asked.limit.is_none() => None,
        Order::Highest(_) => Some(Rank { highest: true, limit: asked.limit }),
        Order::Lowest(_) => Some(Rank { highest: false, limit: asked.limit }),
    };
    draft.sorted = asked.limit.is_none();
    draft.ranked_by = match asked.order {
        Order::Highest(metric) | Order::Lowest(metric) => {
            Some(metric).filter(|by| asked.metrics.first() != Some(by))
        }
        Order::Group => None,
    };
    let with = |span: &domain::metrics::Span, named: &str| When::Days(Days::of(*span, named));
    match &plan.shape {
        Shape::Figures | Shape::List => {}
        Shape::Share => draft.flags.push(Sense::Share),
        Shape::PartOf { of } => {
            draft.filters.extend(of.iter().cloned());
            draft.flags.push(Sense::Share);
        }
        Shape::Compare { with: span, named } => {
            draft.times.push(with(span, named));
            draft.flags.push(Sense::Compare);
        }
        Shape::Movers { with: span, named, direction } => {
            draft.times.push(with(span, named));
            draft.moving = Some(*direction);
        }
        Shape::Growth => draft.growth_of = asked.by.first().copied(),
        Shape::Average => {
            draft.flags.push(Sense::Average);
            draft.every = draft.by.pop_if(|by| by.is_time());
        }
        Shape::BestPer { keep } => {
            draft.rank = Some(Rank { highest: !matches!(asked.order, Order::Lowest(_)), limit: Some(*keep) });
            draft.ranked = asked.by.last().copied();
        }
        Shape::Count => draft.count = draft.by.pop(),
        Shape::FirstSale => draft.flags.push(Sense::FirstSale),
        Shape::LastSale => draft.flags.push(Sense::LastSale),
        Shape::NotSold => draft.flags.push(Sense::NotSold),
        Shape::Volatility => draft.flags.push(Sense::Volatility),
        Shape::Pareto => draft.flags.push(Sense::Pareto),
        Shape::Seasonality => draft.flags.push(Sense::Season),
        Shape::Forecast => draft.flags.push(Sense::Forecast),
        Shape::Anomalies => draft.flags.push(Sense::Anomaly),
    }
    draft
}

/// What is said now, over what was said before.
fn overlaid(mut base: Draft, said: Draft) -> Draft {
    if [Sense::Share, Sense::Average].into_iter().any(|sense| said.has(sense)) {
        // `as a share`: of the days that were asked about, and no longer beside others.
        base.times.truncate(1);
        (base.moving, base.growth_of) = (None, None);
        base.flags.retain(|flag| !matches!(flag, Sense::Compare | Sense::Share | Sense::Average));
    }
    let compares = [Sense::Compare, Sense::Versus, Sense::Change].into_iter().any(|sense| said.has(sense));
    let relative = matches!(said.times[..], [When::Before | When::YearBefore]);
    if compares || relative || said.moving.is_some() || said.growth_of.is_some() {
        base.flags.retain(|flag| !matches!(flag, Sense::Share | Sense::Average));
    }
    base.when = said.when;
    base.against = said.against && base.times.is_empty();
    match &said.times[..] {
        [] => {}
        [_] if compares || relative => {
            base.times.truncate(1);
            base.times.extend(said.times.iter().cloned());
        }
        times => replace_times(&mut base, times),
    }
    base.filters.retain(|filter| !said.all.contains(&filter.dimension));
    if !said.filters.is_empty() {
        // How names were read that are no longer meant.
        base.notes.clear();
    }
    for filter in &said.filters {
        base.filters
            .retain(|known| known.dimension != filter.dimension || filter.excluded && !known.excluded);
        // Whoever asks about one of several vendors does not want to know who was the best of all.
        if !filter.excluded && filter.values.len() == 1 && base.rank.is_some() {
            base.by.retain(|by| *by != filter.dimension);
        }
        base.filters.push(filter.clone());
    }
    refigure(&mut base, &said);
    regroup(&mut base, &said);
    if let Some(rank) = said.rank {
        // `and the worst?`, after the best one.
        let limit = rank.limit.or(base.rank.and_then(|rank| rank.limit));
        base.rank = Some(Rank { limit, ..rank });
        base.sorted = said.sorted;
    }
    base.moving = said.moving.or(base.moving);
    base.growth_of = said.growth_of.or(base.growth_of);
    base.count = said.count.or(base.count);
    base.having.extend(said.having);
    base.notes.extend(said.notes);
    let dialogue = [Sense::About, Sense::That, Sense::Then, Sense::Instead, Sense::Which, Sense::HowMuch];
    base.flags.extend(said.flags.into_iter().filter(|sense| !dialogue.contains(sense)));
    base
}

/// Other figures than before. `how many units was that?` is asked about the groups that were shown: they stay the best by what they
/// were best by. `in units` ranks anew.
fn refigure(base: &mut Draft, said: &Draft) {
    if said.metrics.is_empty() {
        base.ranked_by = said.ranked_by.or(base.ranked_by);
        return;
    }
    let before = base.ranked_by.or(base.metrics.first().copied());
    let stays = base.rank.is_some_and(|rank| rank.limit.is_some()) && said.rank.is_none() && !said.anew;
    base.metrics.clone_from(&said.metrics);
    base.ranked_by = said.ranked_by;
    if let Some(before) = before.filter(|_| stays) {
        base.ranked_by = Some(before);
        if !base.metrics.contains(&before) {
            base.metrics.push(before);
        }
    }
}

/// Other groups than before.
fn regroup(base: &mut Draft, said: &Draft) {
    let mut by: Vec<Dimension> = said.by.iter().chain(&said.loose).copied().collect();
    if by.is_empty() && said.what_sells {
        // `what sold best then?`
        by.push(Dimension::Product);
    }
    if by.is_empty() && said.every.is_none() {
        return;
    }
    let of_time = by.iter().chain(&said.every).all(|by| by.is_time());
    if of_time {
        // `by month`, after two vendors side by side: a line for each.
        let several = |by: &&Dimension| {
            base.filters.iter().any(|f| f.dimension == **by && !f.excluded && f.values.len() > 1)
        };
        by.extend(base.by.iter().filter(several));
    }
    let averages = base.flags.contains(&Sense::Average) && !by.iter().any(|by| by.is_time());
    if said.every.is_some() || !averages {
        base.every = said.every;
    }
    base.by = by;
    base.ranked = said.ranked;
    if said.rank.is_none() && base.by.iter().chain(&base.every).any(|by| by.is_time()) {
        base.rank = None;
    }
}

/// Other days: what was compared with the span before, or the same a year earlier, still is.
fn replace_times(base: &mut Draft, times: &[When]) {
    let relation = match &base.times[..] {
        [When::Days(days), When::Days(with)] => {
            let span = days.span();
            if span.and_then(domain::metrics::Span::year_before) == with.span() {
                Some(When::YearBefore)
            } else {
                Some(When::Before)
            }
        }
        _ => None,
    };
    base.times = times.to_vec();
    if let (Some(relation), [_]) = (relation, times) {
        base.times.push(relation);
    }
}
