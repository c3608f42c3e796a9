//! What a header cell says on its own.

use rust_decimal::Decimal;

use super::super::{
    meaning::{self, Meaning},
    measures, sample,
};
use crate::{
    calendar::{self, Time},
    cell::Cell,
    figures,
    number::Dialect,
    profile::Measure,
    text,
};

/// A header cell, understood.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// As printed.
    pub(super) text: String,
    pub(super) folded: String,
    pub(super) spoken: Spoken,
    pub(super) time: Option<Time>,
    pub(super) total: bool,
    pub(super) split: Option<Split>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    Measure(Measure),
    /// The period that the file reports, beside others.
    View,
    /// Figures that are no sales of the period: budget, last year, stock, share.
    Other,
    Time,
    /// A column that names things.
    Label(Meaning),
    /// Nothing that is known: perhaps a store.
    Name,
}

/// `Qty London`: a measure and something else.
#[derive(Debug, Clone)]
pub(super) struct Split {
    pub(super) measure: Measure,
    /// The words of the measure, as printed.
    pub(super) word: String,
    pub(super) rest: String,
}

/// Words over the figures of the reported period where others stand beside them.
const VIEWS: [&str; 16] = [
    "actual",
    "actuals",
    "act",
    "ist",
    "ty",
    "this year",
    "current",
    "current year",
    "current period",
    "reel",
    "realise",
    "actueel",
    "consuntivo",
    "real",
    "rzeczywiste",
    "skutecnost",
];
/// Words of figures that belong to other periods or are no sales.
const OTHERS: [&str; 34] = [
    "ytd",
    "mtd",
    "ly",
    "py",
    "budget",
    "plan",
    "target",
    "forecast",
    "fc",
    "last year",
    "prior year",
    "previous year",
    "vorjahr",
    "vj",
    "kumuliert",
    "kum",
    "cumul",
    "n-1",
    "n 1",
    "a-1",
    "objectif",
    "soll",
    "stock",
    "bestand",
    "share",
    "anteil",
    "%",
    "var",
    "diff",
    "abw",
    "abweichung",
    "yoy",
    "mom",
    "annee precedente",
];

pub(super) fn said(cell: &Cell) -> Said {
    let text = text::squeezed(cell.text()).into_owned();
    let folded = text::fold(&text);
    let time = calendar::of_cell(cell);
    let total = figures::total_of(&text).is_some_and(|of| of.is_empty());
    let spoken = if time.is_some() { Spoken::Time } else { spoken(&text, &folded) };
    let split = if spoken == Spoken::Other || total || time.is_some() { None } else { split(&text) };
    Said { text, folded, spoken, time, total, split }
}

fn spoken(text: &str, folded: &str) -> Spoken {
    let plain = meaning::plain(folded);
    if VIEWS.contains(&plain.as_str()) {
        return Spoken::View;
    }
    if OTHERS.contains(&plain.as_str()) {
        return Spoken::Other;
    }
    let header = meaning::of_header(text);
    if let Some(measure) = measure_of(header.meaning) {
        // A part of the header only: a name may stand beside the measure.
        return if header.exact { Spoken::Measure(measure) } else { Spoken::Name };
    }
    match header.meaning {
        other if measures::is_other_figure(other) => Spoken::Other,
        // A word of a store over its figures is a name, too: `Online shop`.
        Meaning::Unknown
        | Meaning::Store
        | Meaning::City
        | Meaning::Country
        | Meaning::Channel
        | Meaning::Person => Spoken::Name,
        label if header.exact => Spoken::Label(label),
        _ => Spoken::Name,
    }
}

/// Whether words beside a measure may name a store: neither `net` nor a currency nor anything else that is known.
pub(super) fn is_name(rest: &str) -> bool {
    const ADJECTIVES: [&str; 18] = [
        "gross",
        "net",
        "ordered",
        "shipped",
        "invoiced",
        "refunded",
        "returned",
        "b2b",
        "b2c",
        "sold",
        "free",
        "paid",
        "promo",
        "promotional",
        "regular",
        "total",
        "new",
        "old",
    ];
    let words = text::words(rest);
    let header = meaning::of_header(rest);
    header.meaning == Meaning::Unknown
        && header.vat.is_none()
        && header.currency.is_none()
        && !words.is_empty()
        && !words.iter().any(|word| ADJECTIVES.contains(&word.as_str()))
}

pub(super) fn measure_of(meaning: Meaning) -> Option<Measure> {
    match meaning {
        Meaning::Quantity => Some(Measure::Quantity),
        Meaning::Amount | Meaning::AmountIncl | Meaning::AmountExcl | Meaning::GrossSales => {
            Some(Measure::Amount)
        }
        _ => None,
    }
}

/// The measure that a header mentions, whatever else it says.
pub(super) fn measure_in(header: &str) -> Option<Measure> {
    measure_of(meaning::of_header(header).meaning)
}

/// Divides a header where one of its parts is a measure in full.
fn split(text: &str) -> Option<Split> {
    let words: Vec<&str> = text.split(' ').collect();
    let measure = |part: &str| {
        let header = meaning::of_header(part);
        measure_of(header.meaning).filter(|_| header.exact)
    };
    let mut found: Option<Split> = None;
    for at in 1..words.len() {
        let Some((front, back)) = words.split_at_checked(at) else { continue };
        let (front, back) = (front.join(" "), back.join(" "));
        for (word, rest) in [(&front, &back), (&back, &front)] {
            let rest = rest.trim_matches([' ', '-', '–', '|', '/', ':', ',']);
            let Some(measure) = measure(word).filter(|_| !rest.is_empty() && measure(rest).is_none()) else {
                continue;
            };
            // The longest measure leaves the shortest rest.
            if found.as_ref().is_none_or(|other| word.len() > other.word.len()) {
                found = Some(Split { measure, word: word.clone(), rest: rest.to_owned() });
            }
        }
    }
    found
}

/// The number in a cell, in either dialect.
pub(super) fn figure(cell: &Cell) -> Option<Decimal> {
    sample::figure(cell, Dialect::Point).or_else(|| sample::figure(cell, Dialect::Comma))
}
