//! Amounts as the API writes them.

use rust_decimal::Decimal;

/// All decimals there are, but no fewer than two: `570.00`, `661.507`.
pub(crate) fn money(amount: Decimal) -> Decimal {
    let mut amount = amount.normalize();
    amount.rescale(amount.scale().max(2));
    amount
}
