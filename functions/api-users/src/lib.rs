#![doc = include_str!("../README.md")]

mod authority;
mod context;
pub mod erase;
pub mod export;
pub mod get;
mod invitation;
pub mod invite;
pub mod list;
pub mod mfa_remove;
pub mod reinvite;
pub mod remove;
pub mod update;
mod view;

pub use context::MailContext;
pub use edge::DatabaseContext as Context;

#[cfg(test)]
mod tests;
