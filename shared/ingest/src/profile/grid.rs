//! Tables whose figures stand side by side under stores, months or measures, as data.

use domain::Cut;
use serde::{Deserialize, Serialize};

use super::Role;

/// Figures in several columns, told apart by the words above them. Words of the columns `quantity` and `amount` say
/// what is measured; total columns are controls and never rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grid {
    /// What the figures are where no header word tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) measure: Option<Measure>,
    /// Every figure column stands under a month, quarter, week or day.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) periods: bool,
    /// Every figure column stands under the name of a store.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) stores: bool,
    /// What a word over the store's name means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) above: Option<Above>,
    /// What a day in the header means; without it the first days of months are months.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) days: Option<Days>,
    /// One letter and a number head the weeks of a year: `S10`, `v10`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) weeks: bool,
    /// Words over columns that sum up others, besides the usual ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) totals: Vec<String>,
    /// Words over columns that are no figures of this table.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignore: Vec<String>,
    /// Only columns under one of these words count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) views: Vec<String>,
    /// The header comes again further down, for another year; a plain total ends a block.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) blocks: bool,
    /// The header comes again further down, below the title of the other measure: rows of the same names are one row.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) stacked: bool,
    /// Blocks of earlier years than the newest belong to this cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) history: Option<Cut>,
    /// The table ends with a total of everything: a file without it may have been cut off, which is a question.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) total_row: bool,
    /// The rows have units only; amounts are units times list price, whose sum the total column of the amount prints.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) list_prices: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Measure {
    Quantity,
    Amount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Above {
    Country,
    City,
}

/// The span that a day in a header stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Days {
    Day,
    Month,
    WeekStarting,
    WeekEnding,
}

impl Measure {
    /// Its place beside the other one.
    pub(crate) fn index(self) -> usize {
        match self {
            Self::Quantity => 0,
            Self::Amount => 1,
        }
    }

    pub(crate) fn role(self) -> Role {
        match self {
            Self::Quantity => Role::Quantity,
            Self::Amount => Role::Amount,
        }
    }
}
