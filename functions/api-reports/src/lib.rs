#![doc = include_str!("../README.md")]

mod context;
mod recipients;
pub mod reports;
pub mod schedules;
mod scope;

pub use context::Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        reports::correct::operation(),
        reports::create::operation(),
        reports::get::operation(),
        reports::list::operation(),
        schedules::correct::operation(),
        schedules::create::operation(),
        schedules::delete::operation(),
        schedules::get::operation(),
        schedules::list::operation(),
        schedules::pause::operation(),
        schedules::resume::operation(),
        schedules::run::operation(),
        schedules::runs::operation(),
        schedules::update::operation(),
    ]
}
