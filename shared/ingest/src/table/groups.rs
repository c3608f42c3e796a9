//! Rows without a code among rows that have one: products of their own, or sums of the rows around them.

use rust_decimal::Decimal;

use super::{Figures, Table, proof::Pair};
use crate::{accept::Product, cell::Row, doubt::Doubt, figures, profile::Role};

/// What was seen of them.
#[derive(Default)]
pub(super) struct Uncoded {
    /// The first of them.
    first: Option<u32>,
    /// What the last one prints, and the sums of the rows below it.
    printed: Vec<Figures>,
    below: Vec<Pair>,
    /// The sums of the rows above the next one.
    above: Vec<Pair>,
    /// Whether each was the sum of the rows below it, or of those above it, down or up to the next one.
    are_above: bool,
    are_below: bool,
}

impl Table<'_, '_> {
    /// Whether a row lacks the code that the table has a column for, and a person said that such rows are sums.
    pub(super) fn is_uncoded_sum(&self, product: &Product) -> bool {
        self.acceptor.answer(Doubt::GROUPS) == Some("sums") && self.is_uncoded(product)
    }

    fn is_uncoded(&self, product: &Product) -> bool {
        let has = |roles: &[Role]| roles.iter().any(|role| self.found.column(*role).is_some());
        // What has a day or an order of its own is a sale, whatever it comes to.
        let coded = has(&[Role::Ean, Role::Sku, Role::Code]) && !has(&[Role::Date, Role::OrderId]);
        let printed = &product.printed;
        let codes = [&printed.ean, &printed.code, &printed.sku, &printed.reference];
        let uncoded = coded && codes.iter().all(|code| code.is_none());
        uncoded && self.cut.is_main() && !self.acceptor.knows(product)
    }

    /// Compares rows without a code with the rows around them.
    pub(super) fn watch_uncoded(&mut self, row: &Row, product: &Product, all: &[Figures]) {
        if self.is_uncoded(product) {
            let tied = self.uncoded.ties(&self.uncoded.below);
            let watched = &mut self.uncoded;
            let is_first = watched.first.is_none();
            watched.are_above = (is_first || watched.are_above && tied) && !all.is_empty();
            watched.printed = all.to_vec();
            let above = std::mem::take(&mut watched.above);
            let tied = self.uncoded.ties(&above);
            let watched = &mut self.uncoded;
            watched.are_below = (is_first || watched.are_below) && tied;
            watched.first = watched.first.or(Some(row.number));
            watched.below = vec![[Decimal::ZERO; 2]; all.len()];
            watched.above = watched.below.clone();
            return;
        }
        let watched = &mut self.uncoded;
        watched.above.resize(all.len(), [Decimal::ZERO; 2]);
        watched.below.resize(all.len(), [Decimal::ZERO; 2]);
        for sums in [&mut watched.above, &mut watched.below] {
            for (sum, figure) in sums.iter_mut().zip(all).flat_map(|(sums, all)| sums.iter_mut().zip(all)) {
                *sum += figure.unwrap_or_default();
            }
        }
    }

    /// Once all rows are read: rows without a code that all are sums.
    pub(super) fn doubt_uncoded(&mut self) {
        let watched = &self.uncoded;
        let Some(row) = watched.first else { return };
        let above = watched.are_above && watched.ties(&watched.below);
        if (above || watched.are_below) && self.acceptor.answer(Doubt::GROUPS).is_none() {
            self.acceptor.doubt(Doubt::Groups { row });
        }
    }
}

impl Uncoded {
    /// Whether the last of them prints the sums.
    fn ties(&self, sums: &[Pair]) -> bool {
        let printed = self.printed.iter().flatten().flatten().filter(|figure| !figure.is_zero()).count();
        printed > 1
            && self.printed.len() == sums.len()
            && self.printed.iter().zip(sums).all(|(printed, sums)| {
                printed.iter().zip(sums).all(|(value, sum)| figures::ties(value.unwrap_or_default(), *sum))
            })
    }
}
