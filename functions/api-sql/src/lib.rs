#![doc = include_str!("../README.md")]

mod context;
pub mod run;

pub use context::Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![run::operation()]
}

#[cfg(test)]
mod tests;
