#![doc = include_str!("../README.md")]

pub mod keys;
mod permissions;
pub mod policies;
pub mod retention_rules;
pub mod roles;

pub use edge::DatabaseContext as Context;

#[cfg(test)]
mod tests;
