#![doc = include_str!("../README.md")]

mod context;
pub mod get;

pub use context::Context;
