#![doc = include_str!("../README.md")]

mod context;
mod run;

pub use context::{AdminSecret, Context, TokenSecret};
pub use run::{Migrated, run};
