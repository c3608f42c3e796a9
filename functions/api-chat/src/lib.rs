#![doc = include_str!("../README.md")]

mod answer;
pub mod ask;
mod context;
mod receipt;
#[cfg(test)]
mod tests;

pub use context::Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![ask::operation()]
}
