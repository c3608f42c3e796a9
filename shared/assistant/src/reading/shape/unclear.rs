//! Questions back: what could be meant where too little or too much is said.

use domain::metrics::{Analysis, Dimension, Metric};

use super::{RANKED, analysis, plan, planned};
use crate::{
    Shape, World,
    lexicon::Sense,
    reading::{
        Choice, Reading,
        draft::{Draft, Rank},
        noun,
        span::Spans,
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
