#![doc = include_str!("../README.md")]

mod announce;
mod context;
mod handle;
mod message;
mod read;

pub use context::Context;
pub use handle::handle;
pub use message::Message;
