#![doc = include_str!("../README.md")]

mod announce;
mod context;
pub mod generate;
mod kinds;
mod make;

pub use context::Context;
