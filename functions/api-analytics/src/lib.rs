#![doc = include_str!("../README.md")]

mod channel;
mod context;
pub mod sales;
pub mod summary;

pub use context::Context;
