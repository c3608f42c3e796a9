#![doc = include_str!("../README.md")]

pub mod list;
mod views;

pub use edge::DatabaseContext as Context;
