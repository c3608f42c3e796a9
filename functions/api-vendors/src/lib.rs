#![doc = include_str!("../README.md")]

mod context;
pub mod create;
pub mod get;
pub mod list;
mod profile_id;
mod submission;
pub mod trial;
pub mod update;
mod views;

pub use context::Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![create::operation(), get::operation(), list::operation(), trial::operation(), update::operation()]
}

#[cfg(test)]
mod tests;
