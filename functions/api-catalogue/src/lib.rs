#![doc = include_str!("../README.md")]

mod cells;
mod context;
pub mod fx_rates;
mod import;
mod outcome;
pub mod prices;
pub mod products;
mod table;

pub use context::Context;

#[cfg(test)]
mod tests;
