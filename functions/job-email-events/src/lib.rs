#![doc = include_str!("../README.md")]

mod context;
pub mod take;

pub use context::Context;
