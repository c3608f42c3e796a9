#![doc = include_str!("../README.md")]

mod context;
mod file;
pub mod generate;
mod make;

pub use context::Context;
