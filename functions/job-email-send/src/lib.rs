#![doc = include_str!("../README.md")]

mod context;
mod letter;
pub mod send;
mod turn;

pub use context::Context;
