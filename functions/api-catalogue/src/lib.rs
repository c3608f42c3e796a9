#![doc = include_str!("../README.md")]

mod cells;
pub mod fx_rates;
mod import;
mod outcome;
pub mod prices;
pub mod products;
mod table;

pub use edge::DatabaseContext as Context;

#[cfg(test)]
mod tests;
