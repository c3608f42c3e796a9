//! A question to the books.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Dimension, Metric};
use crate::Currency;

/// Figures, what they are broken down by, and which rows are meant. A row counts on the day of its sale, or on the last day
/// of its period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    pub metrics: Vec<Metric>,
    #[serde(default)]
    pub by: Vec<Dimension>,
    /// First and last day, both inclusive.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    #[serde(default)]
    pub filters: Vec<Filter>,
    /// Only these stores of these vendors; a store that files do not name is `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sellers: Option<Vec<(String, Option<String>)>>,
    #[serde(default)]
    pub order: Order,
    /// How many groups at most, after `offset` others. `None`: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default)]
    pub offset: u32,
}

/// Rows whose dimension has one of some values, or none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub dimension: Dimension,
    /// `None`: rows that do not say.
    pub values: Vec<Option<String>>,
    #[serde(default)]
    pub excluded: bool,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// By the groups themselves, in order of time or alphabet.
    #[default]
    Group,
    Highest(Metric),
    Lowest(Metric),
}

/// A value that the dimension cannot have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidFilter {
    #[error("{dimension} is one of: {values}.")]
    NotOneOf { dimension: &'static str, values: String },
    #[error("A currency has three capital letters, for example GBP.")]
    Currency,
    #[error("A value has at most {max} characters.")]
    TooLong { max: usize },
    #[error("Days are filtered by from and to.")]
    Time,
}

/// Longest text to look for; names of stores and products are shorter.
pub const FILTER_VALUE_LEN_MAX: usize = 300;

impl Filter {
    /// # Errors
    /// When one of the values cannot be.
    pub fn new(
        dimension: Dimension,
        values: Vec<Option<String>>,
        excluded: bool,
    ) -> Result<Self, InvalidFilter> {
        if dimension.is_time() {
            return Err(InvalidFilter::Time);
        }
        for value in values.iter().flatten() {
            if value.chars().count() > FILTER_VALUE_LEN_MAX {
                return Err(InvalidFilter::TooLong { max: FILTER_VALUE_LEN_MAX });
            }
            if dimension == Dimension::Currency && value.parse::<Currency>().is_err() {
                return Err(InvalidFilter::Currency);
            }
            if let Some(known) = dimension.values()
                && !known.contains(&value.as_str())
            {
                return Err(InvalidFilter::NotOneOf {
                    dimension: dimension.as_str(),
                    values: known.join(", "),
                });
            }
        }
        Ok(Self { dimension, values, excluded })
    }
}

impl Analysis {
    /// These figures over everything.
    #[must_use]
    pub fn of(metrics: &[Metric]) -> Self {
        Self {
            metrics: metrics.to_vec(),
            by: Vec::new(),
            from: None,
            to: None,
            filters: Vec::new(),
            sellers: None,
            order: Order::default(),
            limit: None,
            offset: 0,
        }
    }

    /// The same over other days.
    #[must_use]
    pub fn within(mut self, from: NaiveDate, to: NaiveDate) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }

    /// The same, broken down.
    #[must_use]
    pub fn by(mut self, by: &[Dimension]) -> Self {
        self.by = by.to_vec();
        self
    }

    /// Whether a group or a filter is about this dimension.
    #[must_use]
    pub fn uses(&self, wanted: impl Fn(Dimension) -> bool) -> bool {
        self.by.iter().copied().any(&wanted) || self.filters.iter().any(|filter| wanted(filter.dimension))
    }
}
