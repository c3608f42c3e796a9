//! What looks alike. Likeness never decides anything: it is shown to a person with a score and its reasons.

mod codes;
mod names;
pub mod spelling;
mod stores;

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::Serialize;

use self::{
    codes::Codes,
    names::{Name, Names},
};
use crate::{Product, ProductKind, ReferenceData};

pub use stores::{StoreLikeness, like_stores};

/// Suggestions for one printed product.
const MOST: usize = 5;
/// Below it a suggestion is a guess.
const LEAST: f64 = 0.55;
/// Likeness is no proof.
const CERTAIN: f64 = 0.99;

/// A product that a printed code or name may mean.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Suggestion {
    pub ean: String,
    pub sku: Option<String>,
    pub name: Option<String>,
    /// From 0 to 1.
    pub score: f64,
    pub reasons: Vec<String>,
}

/// A product that nothing matched, as it is printed.
#[derive(Debug, Clone, Copy)]
pub struct Unmatched<'a> {
    pub vendor: &'a str,
    pub codes: &'a [String],
    pub name: Option<&'a str>,
}

/// The catalogue, prepared for suggestions.
pub struct Likenesses<'a> {
    products: HashMap<&'a str, &'a Product>,
    names: Names<'a>,
    codes: Codes<'a>,
}

/// Why a product may be meant.
struct Hint {
    score: f64,
    reason: String,
}

impl<'a> Likenesses<'a> {
    #[must_use]
    pub fn new(data: &'a ReferenceData) -> Self {
        let products = data.products.iter().map(|product| (product.ean.as_str(), product)).collect();
        Self { products, names: Names::new(data), codes: Codes::new(data) }
    }

    /// The products that are most alike, the likeliest first. Sizes, testers and kinds of articles are never confused:
    /// what contradicts a printed one is left out, however alike the rest is.
    #[must_use]
    pub fn suggest(&self, printed: &Unmatched<'_>) -> Vec<Suggestion> {
        let name = printed.name.map(Name::read);
        let mut hints: BTreeMap<&str, Vec<Hint>> = BTreeMap::new();
        if let Some(name) = &name {
            self.names.hints(name, &mut hints);
        }
        for code in printed.codes.iter().map(String::as_str).chain(printed.name) {
            self.codes.hints(printed.vendor, code, name.is_some(), &mut hints);
        }
        let mut suggestions: Vec<Suggestion> = hints
            .into_iter()
            .filter_map(|(ean, hints)| {
                let product = *self.products.get(ean)?;
                let apart = name.as_ref().is_some_and(|name| name.contradicts(&self.names.of(product)));
                (!apart).then(|| suggestion(product, hints))
            })
            .filter(|suggestion| suggestion.score >= LEAST)
            .collect();
        suggestions.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.ean.cmp(&b.ean)));
        suggestions.truncate(MOST);
        suggestions
    }
}

/// Independent reasons support each other.
fn suggestion(product: &Product, mut hints: Vec<Hint>) -> Suggestion {
    hints.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.reason.cmp(&b.reason)));
    hints.dedup_by(|a, b| a.reason == b.reason);
    let mut score = 0.0;
    for (place, hint) in hints.iter().enumerate() {
        let weight = if place == 0 { 1.0 } else { 0.5 };
        score += (1.0 - score) * hint.score * weight;
    }
    Suggestion {
        ean: product.ean.clone(),
        sku: product.sku.clone(),
        name: product.name.clone(),
        score: (score.min(CERTAIN) * 100.0).round() / 100.0,
        reasons: hints.into_iter().map(|hint| hint.reason).collect(),
    }
}

/// Whether a product is a tester by its kind.
fn is_tester(product: &Product) -> bool {
    product.kind == ProductKind::Tester
}

#[cfg(test)]
mod tests;
