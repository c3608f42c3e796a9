#![doc = include_str!("../README.md")]

mod answer;
pub mod ask;
mod context;
pub mod conversations;
pub mod documents;
pub mod evaluate;
mod lacks;
pub mod messages;
mod model;
pub mod model_choice;
mod models;
mod nearby;
mod receipt;
pub mod stream;
pub mod suggestions;
#[cfg(test)]
mod tests;
mod turn;

pub use context::Context;
pub use model::Advisor;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        ask::operation(),
        stream::operation(),
        evaluate::operation(),
        suggestions::operation(),
        conversations::delete::operation(),
        conversations::get::operation(),
        conversations::list::operation(),
        conversations::rename::operation(),
        documents::add::operation(),
        documents::delete::operation(),
        documents::list::operation(),
        messages::feedback::operation(),
        messages::rows::operation(),
        model_choice::list::operation(),
        model_choice::update::operation(),
    ]
}
