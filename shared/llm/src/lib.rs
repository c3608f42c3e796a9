#![doc = include_str!("../README.md")]

mod endpoint;
mod error;
mod model;
mod transport;

pub use error::Error;
pub use model::{Model, PATIENCE, Reply, Settings, Usage};
