//! Amounts as people and programs read them.

use rust_decimal::Decimal;

/// All decimals there are, but no fewer than two: `570.00`, `661.507`.
#[must_use]
pub fn with_cents(amount: Decimal) -> Decimal {
    let mut amount = amount.normalize();
    amount.rescale(amount.scale().max(2));
    amount
}
