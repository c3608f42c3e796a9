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
mod download;
pub mod exports;
mod figures;
pub mod forecast;
mod groups;
mod history;
pub mod metrics;
pub mod orders;
mod parameters;
pub mod reporting_periods;
pub mod sales;
pub mod series;
mod span;
pub mod summary;
mod table;
pub mod top_movers;

pub use answers::Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        anomalies::operation(),
        breakdown::operation(),
        compare::operation(),
        contribution::operation(),
        coverage::operation(),
        exports::create::operation(),
        exports::get::operation(),
        exports::list::operation(),
        forecast::operation(),
        series::operation(),
        summary::operation(),
        top_movers::operation(),
        metrics::operation(),
        orders::operation(),
        reporting_periods::operation(),
        sales::operation(),
    ]
}
