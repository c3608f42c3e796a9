#![doc = include_str!("../README.md")]

mod context;
mod dispatch;

pub use context::Context;
pub use dispatch::{Dispatched, dispatch, dispatch_at};
