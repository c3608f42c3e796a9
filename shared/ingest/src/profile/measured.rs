//! Pieces and money in rows of their own, as data.

use serde::{Deserialize, Serialize};

/// A column says row by row whether its figures are pieces or money: it is the one in which these words stand. The
/// column `amount`, or the grid, says where the figures are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Measured {
    pub(crate) quantity: Vec<String>,
    pub(crate) amount: Vec<String>,
    /// Words of figures that are no sales: stock, targets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored: Vec<String>,
}

impl Measured {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.quantity.is_empty() || self.amount.is_empty() {
            return Err("rows of pieces and of money need words for both".to_owned());
        }
        Ok(())
    }
}
