#![doc = include_str!("../README.md")]

mod channel;
pub mod sales;
pub mod summary;

pub use edge::DatabaseContext as Context;
