#![doc = include_str!("../README.md")]

mod check;
mod context;

pub use check::{Checked, check, check_at};
pub use context::Context;
