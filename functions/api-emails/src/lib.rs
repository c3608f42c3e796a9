#![doc = include_str!("../README.md")]

pub mod list;
mod views;

pub use edge::DatabaseContext as Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![list::operation()]
}
