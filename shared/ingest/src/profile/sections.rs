//! Rows that name what the rows around them belong to, as data.

use serde::{Deserialize, Serialize};

use super::Role;

/// Rows that name a store, a brand or a group, mostly with the sum of its rows: they are controls and never sales.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sections {
    /// Columns that every other row fills and these rows leave blank. Without any, a row is one of them that the
    /// catalogue does not know where the sum before is complete.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) blank: Vec<Role>,
    /// How many of them lie within each other.
    #[serde(default = "one")]
    pub(crate) levels: usize,
    /// The level that names the store, the outermost being 0; without it they are only sums.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<usize>,
    /// The level that names the period of its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) time: Option<usize>,
    /// They print no sums.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) bare: bool,
    /// They stand below their rows, with the sum of those since the one before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) below: bool,
}

fn one() -> usize {
    1
}

impl Sections {
    pub(super) fn check(&self) -> Result<(), String> {
        match () {
            () if !(1..=3).contains(&self.levels) => Err("sections have one to three levels".to_owned()),
            () if self.store.is_some_and(|level| level >= self.levels) => {
                Err("the store is none of the levels of sections".to_owned())
            }
            () if self.time.is_some_and(|level| level >= self.levels)
                || self.time.is_some() && self.time == self.store =>
            {
                Err("the time is none of the levels of sections, or that of the store".to_owned())
            }
            () if (self.bare || self.below) && (self.levels > 1 || self.blank.is_empty()) => Err(
                "sections without sums above their rows have one level and are told by what they leave blank"
                    .to_owned(),
            ),
            () if self.below && (self.bare || self.store.is_some() || self.time.is_some()) => {
                Err("sections below their rows print their sums and name no store".to_owned())
            }
            () => Ok(()),
        }
    }
}
