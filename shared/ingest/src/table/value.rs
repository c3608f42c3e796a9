//! What units are worth where their rows print no amount.

use domain::{Derived, Period};
use rust_decimal::Decimal;

use super::{Figures, Table};
use crate::{accept::Product, cell::Row, figures, header::Group, profile::Role};

/// Prices have cents.
const PRICE_SCALE: u32 = 2;

impl Table<'_, '_> {
    /// Values the units of a row by list price. The printed sum of all its periods is the proof: where list prices do
    /// not come to it, but one price does, that price counts. Returns whether the list prices counted.
    pub(super) fn value(&mut self, row: &Row, product: &Product, figures: &mut [Figures]) -> bool {
        if !self.layout.grid.as_ref().is_some_and(|grid| grid.list_prices) {
            return false;
        }
        let printed = self.printed_amount(row);
        let units: Vec<(usize, Decimal, Period)> = self
            .found
            .groups
            .iter()
            .zip(figures.iter())
            .enumerate()
            .filter(|(_, (group, _))| group.sums.is_none())
            .filter_map(|(index, (group, [quantity, _]))| {
                let (period, _) = self.period_of(row, Some(group)).ok()?;
                Some((index, (*quantity)?, period))
            })
            .collect();
        let by_list: Option<Vec<Decimal>> = units
            .iter()
            .map(|(_, quantity, period)| Some(self.acceptor.list_price(product, *period)? * quantity))
            .collect();
        let by_one_price = || {
            let all: Decimal = units.iter().map(|(_, quantity, _)| *quantity).sum();
            let price = printed?.checked_div(all)?.normalize();
            (price.scale() <= PRICE_SCALE)
                .then(|| units.iter().map(|(_, quantity, _)| price * quantity).collect())
        };
        let proven = by_list
            .clone()
            .filter(|amounts| printed.is_none_or(|printed| figures::ties(printed, amounts.iter().sum())));
        let one_price = if proven.is_none() { by_one_price() } else { None };
        let by_list_price = one_price.is_none();
        let Some(amounts) = one_price.or(proven).or(by_list) else { return false };
        for ((index, _, _), value) in units.iter().zip(amounts) {
            if let Some([_, amount]) = figures.get_mut(*index) {
                *amount = Some(value);
            }
        }
        by_list_price
    }

    /// What list prices stand for: the sender's own amounts, or nothing but a value of units without amounts.
    pub(super) fn derived(&self, group: &Group, by_list_price: bool) -> Option<Derived> {
        let priced = group.amount.is_some()
            || [Role::Amount, Role::UnitPrice].iter().any(|role| self.found.columns.contains_key(role));
        match () {
            () if by_list_price => Some(Derived::Amount),
            () if priced || self.layout.grid.as_ref().is_some_and(|grid| grid.list_prices) => None,
            () => Some(Derived::Euro),
        }
    }

    /// The amount in the total column of the row.
    fn printed_amount(&self, row: &Row) -> Option<Decimal> {
        let mut totals = self.found.groups.iter().filter(|group| group.sums.is_some());
        totals.find_map(|group| self.printed(row, group).into_iter().last()?)
    }
}
