//! What stands beside a word, and what is said where it cannot be understood.

use domain::metrics::{Dimension, Metric};
use rust_decimal::Decimal;

use super::Refusal;
use crate::{
    items::{Item, Kind},
    lexicon::Sense,
    reading::Reading,
};

/// Nouns right before and after a name.
pub(in crate::reading) fn nouns_beside(items: &[Item], place: usize) -> Vec<Dimension> {
    let said = |item: &&Item| item.kind != Kind::Sense(Sense::Filler);
    let before = items[..place].iter().rev().find(said);
    let after = items[place + 1..].iter().find(said);
    let noun = |item: &Item| match item.kind {
        Kind::Sense(Sense::Dimension(dimension)) => Some(dimension),
        Kind::Sense(Sense::Retailers) => Some(Dimension::Vendor),
        _ => None,
    };
    before.into_iter().chain(after).filter_map(noun).collect()
}

/// Whether a name or value follows that can be left out.
pub(in crate::reading) fn excludes(said: &[&Item], at: usize) -> bool {
    match said.get(at).map(|item| &item.kind) {
        Some(Kind::Name { .. } | Kind::Sense(Sense::Only(..))) => true,
        // `not in Germany`, `except for the retailer Liberty`.
        Some(Kind::Sense(Sense::Dimension(_) | Sense::Retailers)) => {
            matches!(
                said.get(at + 1).map(|item| &item.kind),
                Some(Kind::Name { .. } | Kind::Sense(Sense::Only(..)))
            )
        }
        _ => false,
    }
}

/// A number with its unit on either side: `EUR 500`, `500 euro`, `50 units`.
pub(in crate::reading) fn measured(said: &[&Item], at: usize) -> Option<(Decimal, Option<Metric>, usize)> {
    let unit = |place: usize| match said.get(place).map(|item| &item.kind) {
        Some(Kind::Sense(Sense::Money)) => Some(Metric::RevenueEur),
        // Of which rate is for the reader of bounds to find out.
        Some(Kind::Sense(Sense::Percent)) => Some(Metric::Margin),
        Some(Kind::Sense(Sense::Metric(metric))) => Some(*metric),
        _ => None,
    };
    let money_first = matches!(said.get(at).map(|item| &item.kind), Some(Kind::Sense(Sense::Money)));
    let place = at + usize::from(money_first);
    let Kind::Number(number) = said.get(place)?.kind else { return None };
    let mut used = 1 + usize::from(money_first);
    let behind = unit(at + used);
    used += usize::from(behind.is_some());
    let metric = if money_first { Some(Metric::RevenueEur) } else { behind };
    Some((number, metric, used))
}

pub(in crate::reading) fn clarify(message: &str) -> Refusal {
    Box::new(Reading::Clarify { message: message.to_owned(), choices: Vec::new() })
}

pub(in crate::reading) fn unknown(item: &Item) -> Refusal {
    clarify(&format!(
        "I do not know what “{}” means here: it is none of your products, vendors, stores, countries or other names. Could you say it in other words?",
        item.text
    ))
}

pub(in crate::reading) fn unknowable(what: &str) -> Refusal {
    let message = format!(
        "The books say nothing about {what}. I can tell sales, units, orders, prices, returns, costs and margins: by product, vendor, store, channel, country, category, campaign and time; compare, rank and forecast them."
    );
    Box::new(Reading::Refused { message })
}
