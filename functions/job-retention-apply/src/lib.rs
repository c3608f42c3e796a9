#![doc = include_str!("../README.md")]

mod apply;
mod context;
mod originals;

pub use apply::{Removed, apply};
pub use context::Context;
