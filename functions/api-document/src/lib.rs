#![doc = include_str!("../README.md")]

pub mod get;
pub mod refuse;

pub use edge::DatabaseContext as Context;

/// The API document of this build.
const DOCUMENT: &str = include_str!("../../../docs/openapi.json");

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![get::operation()]
}
