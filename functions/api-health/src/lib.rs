#![doc = include_str!("../README.md")]

pub mod get;

pub use edge::DatabaseContext as Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![get::operation()]
}
