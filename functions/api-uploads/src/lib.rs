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

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        reject_inbox::operation(),
        answer::operation(),
        approve::operation(),
        changes::operation(),
        create::operation(),
        get::operation(),
        list::operation(),
        original::operation(),
        rejects::operation(),
        replay::operation(),
        retry::operation(),
        undo::operation(),
    ]
}

#[cfg(test)]
mod tests;
