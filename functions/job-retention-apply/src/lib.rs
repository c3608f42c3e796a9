#![doc = include_str!("../README.md")]

mod apply;

pub use apply::{Removed, apply};
pub use edge::DatabaseContext as Context;
