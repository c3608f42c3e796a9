#![doc = include_str!("../README.md")]

pub mod export;
pub mod list;
pub mod verify;
mod views;

pub use edge::DatabaseContext as Context;

#[cfg(test)]
mod tests;
