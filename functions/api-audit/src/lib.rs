#![doc = include_str!("../README.md")]

pub mod export;
pub mod list;
pub mod verify;
mod views;

pub use edge::DatabaseContext as Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![export::operation(), list::operation(), verify::operation()]
}

#[cfg(test)]
mod tests;
