#![doc = include_str!("../README.md")]

mod context;
mod sweep;

pub use context::Context;
pub use sweep::{Swept, sweep};
