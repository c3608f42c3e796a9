#![doc = include_str!("../README.md")]

pub mod authorizer;
mod context;
pub mod login;
pub mod logout;
pub mod me;
mod passwords;
pub mod refresh;
pub mod register;
mod session;
#[cfg(test)]
mod setting;
mod tokens;

pub use context::SessionContext;
pub use edge::DatabaseContext as Context;
