#![doc = include_str!("../README.md")]

mod context;
mod exports;
mod reports;
mod sweep;

pub use context::Context;
pub use sweep::{Swept, sweep};
