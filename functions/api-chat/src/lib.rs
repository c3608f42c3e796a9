#![doc = include_str!("../README.md")]

mod answer;
pub mod ask;
mod context;
pub mod conversations;
pub mod evaluate;
pub mod messages;
mod model;
pub mod model_choice;
mod models;

mod receipt;
pub mod suggestions;
#[cfg(test)]
mod tests;

pub use context::Context;
pub use model::Advisor;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        ask::operation(),
        evaluate::operation(),
        suggestions::operation(),
        conversations::delete::operation(),
        conversations::get::operation(),
        conversations::list::operation(),
        conversations::rename::operation(),
        messages::feedback::operation(),
        messages::rows::operation(),
        model_choice::list::operation(),
        model_choice::update::operation(),
    ]
}
