#![doc = include_str!("../README.md")]

mod context;
pub mod list;
mod views;

pub use context::Context;
