#![doc = include_str!("../README.md")]

pub mod aliases;
mod cells;
pub mod fx_rates;
mod import;
mod outcome;
pub mod prices;
pub mod products;
mod query;
pub mod stores;
mod table;
pub mod unmatched;
pub mod vendors;
mod words;

pub use edge::DatabaseContext as Context;

#[cfg(test)]
mod tests;
