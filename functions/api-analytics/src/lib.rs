#![doc = include_str!("../README.md")]

pub mod anomalies;
mod answers;
mod asked;
#[cfg(test)]
mod books;
pub mod breakdown;
pub mod compare;
mod comparison;
pub mod contribution;
pub mod coverage;
mod figures;
pub mod forecast;
mod gaps;
mod groups;
mod history;
pub mod known_gaps;
pub mod metrics;
pub mod orders;
pub mod reporting_periods;
pub mod sales;
pub mod series;
mod span;
pub mod summary;
pub mod top_movers;

pub use answers::Context;
