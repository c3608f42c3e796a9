//! What columns of figures prove about each other.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::{
    band::{Band, Column},
    sample::figure,
};
use crate::{cell::Row, figures, number::Dialect};

/// Looks at the rows of a table with the dialect of each column.
pub(super) struct Rows<'s> {
    pub(super) data: &'s [&'s Row],
    /// Decimal separator of the file, for columns that do not tell.
    fallback: Dialect,
}

impl<'s> Rows<'s> {
    pub(super) fn new(band: &Band, data: &'s [&'s Row]) -> Self {
        let commas =
            band.columns.iter().filter(|column| column.facts.dialect == Some(Dialect::Comma)).count();
        let points =
            band.columns.iter().filter(|column| column.facts.dialect == Some(Dialect::Point)).count();
        Self { data, fallback: if commas > points { Dialect::Comma } else { Dialect::Point } }
    }

    pub(super) fn value(&self, row: &Row, column: &Column) -> Option<Decimal> {
        let number = figure(row.get(column.index)?, column.facts.dialect.unwrap_or(self.fallback));
        number.filter(|number| figures::is_sane(*number))
    }

    /// Share of the rows, in percent, in which the last column is what the first ones make it; `None` when too few
    /// rows say anything.
    pub(super) fn share<const N: usize>(
        &self,
        columns: [&Column; N],
        holds: impl Fn([Decimal; N]) -> bool,
    ) -> Option<usize> {
        let (mut all, mut held) = (0usize, 0usize);
        for row in self.data {
            let mut values = [Decimal::ZERO; N];
            let complete = columns
                .iter()
                .zip(&mut values)
                .all(|(column, slot)| self.value(row, column).map(|value| *slot = value).is_some());
            if complete && values.iter().any(|value| !value.is_zero()) {
                all += 1;
                held += usize::from(holds(values));
            }
        }
        (all >= 3).then(|| held * 100 / all)
    }

    pub(super) fn is_product(&self, quantity: &Column, price: &Column, amount: &Column) -> bool {
        let share = self.share([quantity, price, amount], |[q, p, a]| near(q * p, a, q));
        // Pieces of one prove nothing: price and amount are then the same.
        let varied = self.data.iter().any(|row| self.value(row, quantity).is_some_and(|q| q > Decimal::ONE));
        varied && share.is_some_and(|share| share >= 95)
    }

    pub(super) fn is_sum(&self, net: &Column, tax: &Column, gross: &Column) -> bool {
        let taxed = self.data.iter().any(|row| self.value(row, tax).is_some_and(|tax| !tax.is_zero()));
        taxed
            && self
                .share([net, tax, gross], |[n, t, g]| near(n + t, g, Decimal::ONE))
                .is_some_and(|s| s == 100)
    }

    /// Whether what was taken off explains the difference: gross sales less returns and discounts are net sales.
    pub(super) fn is_rest(&self, whole: &Column, taken: &[&Column], rest: &Column) -> bool {
        let (mut all, mut held, mut differs) = (0usize, 0usize, false);
        for row in self.data {
            let (Some(whole), Some(rest)) = (self.value(row, whole), self.value(row, rest)) else { continue };
            let off: Decimal =
                taken.iter().filter_map(|column| self.value(row, column)).map(|off| off.abs()).sum();
            all += 1;
            held += usize::from(near(whole - off, rest, Decimal::ONE));
            differs |= whole != rest;
        }
        differs && all >= 2 && held * 100 >= all * 95
    }

    /// Whether a figure is what another one leaves in every row in which something was taken off.
    pub(super) fn leaves(&self, whole: &Column, taken: &[&Column], rest: &Column) -> bool {
        let (mut all, mut held) = (0usize, 0usize);
        for row in self.data {
            let off: Decimal =
                taken.iter().filter_map(|column| self.value(row, column)).map(|off| off.abs()).sum();
            let (Some(whole), Some(rest)) = (self.value(row, whole), self.value(row, rest)) else { continue };
            all += usize::from(!off.is_zero());
            held += usize::from(!off.is_zero() && near(whole - off, rest, Decimal::ONE));
        }
        all > 0 && held == all
    }

    /// Whether a figure grows with the quantity of a product; `None` when the rows do not tell.
    pub(super) fn grows(&self, product: &Column, quantity: &Column, figure: &Column) -> Option<bool> {
        let mut first: HashMap<String, (Decimal, Decimal)> = HashMap::new();
        let (mut constant, mut grows) = (0usize, 0usize);
        for row in self.data {
            let (Some(name), Some(pieces), Some(value)) =
                (row.text(product.index), self.value(row, quantity), self.value(row, figure))
            else {
                continue;
            };
            if pieces <= Decimal::ZERO || value.is_zero() {
                continue;
            }
            let (other_pieces, other) = *first.entry(name.into_owned()).or_insert((pieces, value));
            if other_pieces != pieces {
                constant += usize::from(value == other);
                grows += usize::from(near(other * pieces, value * other_pieces, pieces * other_pieces));
            }
        }
        match (constant, grows) {
            (3.., _) if constant > grows * 9 => Some(false),
            (_, 3..) if grows > constant * 9 => Some(true),
            _ => None,
        }
    }

    /// A figure of the whole order that stands on one of its lines, or is repeated on all of them although their own
    /// figures differ.
    pub(super) fn is_of_order(&self, order: &Column, column: &Column, own: &[&Column]) -> bool {
        let mut orders: HashMap<String, Vec<&Row>> = HashMap::new();
        for row in self.data {
            if let Some(id) = row.text(order.index) {
                orders.entry(id.into_owned()).or_default().push(row);
            }
        }
        let several: Vec<&Vec<&Row>> = orders.values().filter(|lines| lines.len() > 1).collect();
        let values =
            |lines: &[&Row], of: &Column| lines.iter().map(|row| self.value(row, of)).collect::<Vec<_>>();
        let same = |all: &[Option<Decimal>]| all.windows(2).all(|pair| pair.first() == pair.last());
        let (mut once, mut repeated, mut differ) = (0usize, 0usize, 0usize);
        for lines in &several {
            let all = values(lines, column);
            let rest_blank = all.iter().skip(1).all(Option::is_none);
            once += usize::from(all.first().copied().flatten().is_some() && rest_blank);
            repeated += usize::from(same(&all) && all.iter().all(Option::is_some));
            let others = own.iter().filter(|other| other.index != column.index);
            differ += usize::from(others.into_iter().any(|other| !same(&values(lines, other))));
        }
        let most = |count: usize| !several.is_empty() && count * 10 >= several.len() * 9;
        let always = !several.is_empty() && repeated == several.len();
        most(once) || always && differ > 0
    }

    pub(super) fn same(&self, one: &Column, other: &Column) -> bool {
        self.share([one, other], |[a, b]| a == b) == Some(100)
    }
}

/// Equal but for rounding a price to cents.
fn near(expected: Decimal, printed: Decimal, pieces: Decimal) -> bool {
    let cent = Decimal::new(11, 3);
    (expected - printed).abs() <= cent * pieces.abs().max(Decimal::ONE)
}
