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

#[cfg(test)]
mod tests;
