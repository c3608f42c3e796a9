#![doc = include_str!("../README.md")]

pub mod get;

pub use edge::DatabaseContext as Context;
