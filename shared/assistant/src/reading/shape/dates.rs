//! What is looked at one by one: since when it sells, until when it did, what no longer does.

use domain::metrics::{Dimension, Filter, Metric};

use super::{Planned, analysis, planned};
use crate::{
    Plan, Shape, World,
    calendar::Days,
    reading::{Choice, Reading, draft::Draft, span::Spans},
};

/// One group each of what is looked at: products, unless something else is named.
pub(super) fn of_each(draft: &mut Draft, spans: &Spans, shape: Shape) -> Plan {
    // `when did Liberty start selling`: one day.
    let dates = matches!(shape, Shape::FirstSale | Shape::LastSale);
    let others = |filter: &Filter| !filter.excluded && filter.dimension != Dimension::Product;
    let bare = draft.by.is_empty() && draft.loose.is_empty() && draft.all.is_empty();
    // `when was the last sale`: of anything.
    let of_anything = draft.filters.is_empty() && draft.single;
    if !(dates && bare && (of_anything || draft.filters.iter().any(others))) {
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
            // `how many stores stopped selling`, `pareto of retailers`.
            [] => vec![draft.count.or(draft.subject).unwrap_or(dimension)],
            loose => loose.to_vec(),
        };
    }
}

pub(super) fn not_sold(draft: &mut Draft, spans: &Spans, world: World<'_>) -> Planned {
    named_or(draft, Dimension::Product);
    let mut days = spans.days.clone();
    // `which stores do not sell the candle`: some never did, and of those the books say nothing.
    let of_what = |filter: &Filter| {
        !filter.excluded
            && matches!(filter.dimension, Dimension::Product | Dimension::Category | Dimension::Size)
    };
    if days.from.is_none()
        && !draft.by.contains(&Dimension::Product)
        && draft.filters.iter().any(of_what)
        && !draft.sold_before
    {
        draft.sold_before = true;
        let plan = not_sold(draft, spans, world)?;
        return Err(Box::new(Reading::Clarify {
            message: "I can show who sold it before and no longer does, not who never did. Do you want that?"
                .to_owned(),
            choices: vec![Choice { label: "Sold it before, not in the last three months".to_owned(), plan }],
        }));
    }
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
