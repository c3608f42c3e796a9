#![doc = include_str!("../README.md")]

mod context;
pub mod send;

pub use context::Context;
