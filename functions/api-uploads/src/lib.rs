#![doc = include_str!("../README.md")]

pub mod answer;
pub mod approve;
pub mod changes;
mod context;
pub mod create;
pub mod get;
pub mod list;
pub mod original;
pub mod reject_inbox;
pub mod rejects;
pub mod replay;
mod requeue;
pub mod retry;
pub mod undo;
mod views;

pub use context::{Context, Quotas};

#[cfg(test)]
mod tests;
