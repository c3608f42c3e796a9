#![doc = include_str!("../README.md")]

mod review;

pub use edge::DatabaseContext as Context;
pub use review::{Reviewed, review};
