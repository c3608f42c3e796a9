#![doc = include_str!("../README.md")]

mod context;
mod plan;
mod watch;
mod words;

pub use context::Context;
pub use watch::{Watched, watch, watch_at};
