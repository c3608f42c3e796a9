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

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        erase::operation(),
        export::operation(),
        get::operation(),
        invite::operation(),
        list::operation(),
        mfa_remove::operation(),
        reinvite::operation(),
        remove::operation(),
        update::operation(),
    ]
}

#[cfg(test)]
mod tests;
