#![doc = include_str!("../README.md")]

pub mod coverage;
pub mod known_gaps;
pub mod reporting_periods;
pub mod sales;
mod span;
pub mod summary;

pub use edge::DatabaseContext as Context;
