#![doc = include_str!("../README.md")]

mod context;
pub mod generate;
mod make;

pub use context::Context;
