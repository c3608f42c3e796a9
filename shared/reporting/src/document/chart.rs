//! Charts as data.

use rust_decimal::Decimal;

use super::Unit;

/// Series over the same categories.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    pub kind: ChartKind,
    /// What stands along the axis: months, vendors, products.
    pub categories: Vec<String>,
    pub series: Vec<Series>,
    pub unit: Unit,
    /// A sentence below it.
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// For time.
    Line,
    /// Upright, side by side.
    Bar,
    /// Lying, for rankings with long names.
    HorizontalBar,
    /// Upright, one on the other: parts of a whole.
    StackedBar,
}

/// A value a category; `None` where there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub name: String,
    pub values: Vec<Option<Decimal>>,
    /// What others are compared with, last year for example: drawn lighter.
    pub is_background: bool,
}

impl Series {
    #[must_use]
    pub fn new(name: impl Into<String>, values: Vec<Option<Decimal>>) -> Self {
        Self { name: name.into(), values, is_background: false }
    }

    #[must_use]
    pub fn background(self) -> Self {
        Self { is_background: true, ..self }
    }
}
