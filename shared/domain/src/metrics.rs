//! The metric layer: what can be asked of the books, defined once.
//!
//! `data::analytics` turns an [`Analysis`] into SQL; every figure that a dashboard, a question, a report or an export shows is
//! one of these.

mod analysis;
mod definitions;
mod dimension;
mod filters;
mod metric;
mod span;
mod step;
mod sums;

pub use analysis::{Analysis, FILTER_VALUE_LEN_MAX, Filter, InvalidFilter, Order};
pub use dimension::Dimension;
pub use filters::{Filters, NOT, SILENT, UnknownFilter};
pub use metric::{Definition, Formula, Metric, Unit, Value, Why};
pub use span::Span;
pub use step::{Step, percent};
pub use sums::{Group, Measure, Sums};

#[cfg(test)]
mod tests;
