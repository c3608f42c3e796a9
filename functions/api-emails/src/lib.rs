#![doc = include_str!("../README.md")]

mod context;
pub mod file;
pub mod get;
pub mod list;
pub mod notifications;
pub mod suppressions;
pub mod templates;
pub mod unsubscribe;
mod views;

pub use context::{FileContext, TemplateContext};
pub use edge::DatabaseContext as Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        list::operation(),
        get::operation(),
        file::operation(),
        templates::list::operation(),
        templates::update::operation(),
        templates::preview::operation(),
        notifications::get::operation(),
        notifications::update::operation(),
        suppressions::list::operation(),
        suppressions::lift::operation(),
        unsubscribe::show::operation(),
        unsubscribe::confirm::operation(),
    ]
}

#[cfg(test)]
mod setting;
