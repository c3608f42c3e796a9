#![doc = include_str!("../README.md")]

mod announce;
mod back_test;
mod buyers;
mod context;
mod handle;
mod learn;
mod message;
mod profiles;
mod read;
mod release;
mod source;
mod suggest;

pub use context::Context;
pub use handle::handle;
pub use message::Message;
