#![doc = include_str!("../README.md")]

mod context;
mod digests;
mod exports;
mod reports;
mod sweep;

pub use context::Context;
pub use sweep::{Swept, sweep};
