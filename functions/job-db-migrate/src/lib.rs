#![doc = include_str!("../README.md")]

mod context;
mod run;

pub use context::{AdminSecret, Context, TokenKey, TokenSecret};
pub use run::{Migrated, run};
