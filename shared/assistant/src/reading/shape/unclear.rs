//! Questions back: what could be meant where too little or too much is said.

use domain::metrics::{Analysis, Dimension, Metric, Span};

use super::{RANKED, analysis, plan, planned};
use crate::{
    Shape, World,
    calendar::{Days, When, label_of},
    lexicon::Sense,
    reading::{
        Choice, Reading,
        draft::{Draft, Rank},
        noun,
        span::{self, Spans},
    },
};

/// Too little is said: what could be meant.
pub(super) fn vague(draft: &Draft, world: World<'_>) -> Box<Reading> {
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
pub(super) fn better(draft: &Draft, world: World<'_>) -> Box<Reading> {
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

pub(super) fn places(draft: &Draft, world: World<'_>) -> Box<Reading> {
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
            choices.push(Choice { label: format!("By {}", noun(dimension)), plan: *plan });
        }
    }
    Box::new(Reading::Clarify {
        message: "By which kind of place: country, vendor, store or city?".to_owned(),
        choices,
    })
}

pub(super) fn total_or_each(draft: &Draft, spans: &Spans, dimension: Dimension) -> Box<Reading> {
    let each = Analysis { by: vec![dimension], ..analysis(draft, &spans.days) };
    let whole = analysis(draft, &spans.days);
    let noun = noun(dimension);
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

/// Readings of what cannot be computed in one: `the share compared with last year`.
pub(super) fn at_once(draft: &Draft, spans: &Spans, world: World<'_>) -> Option<Box<Reading>> {
    let shares = draft.has(Sense::Share);
    let averages =
        draft.has(Sense::Average) && draft.metrics.first().is_none_or(|metric| metric.definition().additive);
    let of_channels = draft.by.contains(&Dimension::Channel);
    let steps = spans.with.is_some()
        || draft.moving.is_some()
        || draft.growth_of.is_some()
        || draft.has(Sense::Growth);
    let sides = [Sense::Compare, Sense::Versus, Sense::Change].into_iter().any(|sense| draft.has(sense));
    let others = [
        Sense::NotSold,
        Sense::FirstSale,
        Sense::LastSale,
        Sense::Forecast,
        Sense::Anomaly,
        Sense::Season,
        Sense::Volatility,
        Sense::Pareto,
    ];
    let other = steps || others.into_iter().any(|sense| draft.has(sense)) || draft.count.is_some();
    let clash = shares && averages || shares && (other || sides && !of_channels) || averages && other;
    if !clash {
        return None;
    }
    let mut choices = Vec::new();
    for (label, sense) in [("The share", Sense::Share), ("The average", Sense::Average)] {
        if draft.has(sense) {
            let times = draft.times.iter().take(1).cloned().collect();
            let alone = Draft {
                flags: vec![sense],
                moving: None,
                growth_of: None,
                count: None,
                against: false,
                times,
                ..draft.clone()
            };
            offer(&mut choices, label, alone, world);
        }
    }
    let without =
        draft.flags.iter().copied().filter(|flag| !matches!(flag, Sense::Share | Sense::Average)).collect();
    offer(&mut choices, "Without it", Draft { flags: without, ..draft.clone() }, world);
    let message =
        "I can show a share or an average, or how figures moved, not both at once: which one?".to_owned();
    Some(Box::new(Reading::Clarify { message, choices }))
}

/// `how many were returned`: files say what returns were worth, and count their pieces below zero.
pub(super) fn returned(draft: &Draft, world: World<'_>) -> Box<Reading> {
    let flags = draft.flags.iter().copied().filter(|flag| *flag != Sense::HowMany).collect();
    let worth = Draft { metrics: vec![Metric::ReturnsEur], flags, ..draft.clone() };
    let mut pieces = Draft { metrics: vec![Metric::Units], ..worth.clone() };
    pieces.filter(Dimension::LineClass, ["return".to_owned()], false);
    let mut choices = Vec::new();
    offer(&mut choices, "What they were worth", worth, world);
    offer(&mut choices, "Their pieces, below zero", pieces, world);
    Box::new(Reading::Clarify {
        message: "Do you mean what the returns were worth, or how many pieces they were?".to_owned(),
        choices,
    })
}

/// `growth vs last year`: of when?
pub(in crate::reading) fn against(draft: &Draft, other: &Days, world: World<'_>) -> Box<Reading> {
    let mut choices = Vec::new();
    let unit = other.span().and_then(span::unit_of);
    let of = |days: Days| Draft {
        against: false,
        times: vec![When::Days(days), When::Days(other.clone())],
        ..draft.clone()
    };
    if let Some(unit) = unit
        && let Some(this) = world.calendar.interval(unit, 0)
        && other.to.is_some_and(|to| to < this.from)
    {
        let (label, last) = (label_of(unit, this), &other.label);
        offer(&mut choices, &format!("{label} against {last}"), of(Days::of(this, label.clone())), world);
        let so_far = Span { to: world.calendar.today, ..this };
        let so_far = Days::of(so_far, format!("{} to {}", so_far.from, so_far.to));
        if unit == Dimension::Year && this.year_before() == other.span() {
            let times = vec![When::Days(so_far.clone()), When::YearBefore];
            let draft = Draft { times, ..of(so_far) };
            offer(&mut choices, &format!("{label} to date against the same days of {last}"), draft, world);
        }
    }
    Box::new(Reading::Clarify {
        message: format!("Which days should I compare with {}?", other.label),
        choices,
    })
}

fn offer(choices: &mut Vec<Choice>, label: &str, draft: Draft, world: World<'_>) {
    if let Reading::Answerable(plan) = plan(draft, world) {
        choices.push(Choice { label: label.to_owned(), plan: *plan });
    }
}

/// `turnover in pounds`: all of it, or what is booked in them? Of a shop or a country that is no question.
pub(super) fn of_one_currency(draft: &Draft, world: World<'_>) -> Option<Box<Reading>> {
    let [currency] = &draft.filters[..] else { return None };
    if currency.dimension != Dimension::Currency || !draft.by.is_empty() {
        return None;
    }
    let names = currency.values.iter().flatten().cloned().collect::<Vec<_>>().join(" or ");
    // The filter stays; what it was asked in does not make a question of it again.
    let booked = Draft { local: false, metrics: vec![Metric::RevenueLocal], ..draft.clone() };
    let all = Draft { local: false, filters: Vec::new(), ..draft.clone() };
    let mut choices = Vec::new();
    offer(&mut choices, &format!("What is booked in {names}"), booked, world);
    offer(&mut choices, "All of it, in euro", all, world);
    let message = format!("Nothing is converted to {names}: what is booked in it, or all of it in euro?");
    Some(Box::new(Reading::Clarify { message, choices }))
}

/// `the worst return rate` is the highest, and `the best costs` are the lowest: or is it?
pub(super) fn judged(draft: &Draft, analysis: &Analysis, world: World<'_>) -> Option<Box<Reading>> {
    let metric = draft.ranked_by.unwrap_or(analysis.metrics[0]);
    let unwanted = matches!(
        metric,
        Metric::ReturnRate | Metric::ReturnsEur | Metric::CostEur | Metric::FeesEur | Metric::AveragePriceEur
    );
    let rank = draft.rank.filter(|_| unwanted && draft.judges)?;
    let mut choices = Vec::new();
    for (label, highest) in [("The highest", true), ("The lowest", false)] {
        let draft = Draft { rank: Some(Rank { highest, ..rank }), judges: false, ..draft.clone() };
        offer(&mut choices, label, draft, world);
    }
    let message = format!("The highest or the lowest {}?", metric.definition().title.to_lowercase());
    Some(Box::new(Reading::Clarify { message, choices }))
}

/// `when did we sell the most`: which month, or which day?
pub(super) fn when(draft: &Draft, world: World<'_>) -> Box<Reading> {
    let mut choices = Vec::new();
    for unit in [Dimension::Month, Dimension::Week, Dimension::Day] {
        let draft = Draft { by: vec![unit], ranked: Some(unit), sold: true, when: false, ..draft.clone() };
        offer(&mut choices, &format!("By {}", noun(unit)), draft, world);
    }
    Box::new(Reading::Clarify { message: "By month, by week or by day?".to_owned(), choices })
}

/// `is Liberty our biggest retailer`: of Liberty alone there is no biggest one.
pub(super) fn one_of_all(draft: &Draft, world: World<'_>) -> Option<Box<Reading>> {
    draft.rank?;
    let [dimension] = draft.by[..] else { return None };
    let place =
        draft.filters.iter().position(|f| f.dimension == dimension && !f.excluded && f.values.len() == 1)?;
    let mut all = draft.clone();
    all.filters.remove(place);
    all.singular = false;
    let mut choices = Vec::new();
    offer(&mut choices, "All of them, ranked", all, world);
    Some(Box::new(Reading::Clarify {
        message: "Of one alone there is no ranking: shall I rank all of them?".to_owned(),
        choices,
    }))
}
