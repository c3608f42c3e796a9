//! From a figure before to the figure now.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use super::Unit;

/// From the figure before to the figure now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Step {
    pub absolute: Decimal,
    /// In percent of the figure before; `null` when that is zero.
    pub percent: Option<Decimal>,
}

impl Step {
    #[must_use]
    pub fn new(before: Decimal, now: Decimal) -> Self {
        let absolute = now - before;
        Self { absolute, percent: percent(absolute, before.abs()) }
    }
}

/// `part` in percent of `whole`, to two decimals; `None` when that is zero.
#[must_use]
pub fn percent(part: Decimal, whole: Decimal) -> Option<Decimal> {
    (part * Decimal::ONE_HUNDRED).checked_div(whole).map(|share| Unit::Percent.round(share))
}
