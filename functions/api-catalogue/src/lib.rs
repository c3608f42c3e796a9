#![doc = include_str!("../README.md")]

pub mod aliases;
pub mod categories;
mod cells;
pub mod fx_rates;
mod import;
pub mod known_gaps;
mod outcome;
pub mod prices;
pub mod products;
mod query;
pub mod stores;
mod table;
pub mod unmatched;
pub mod vendors;
mod words;

pub use edge::DatabaseContext as Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        aliases::confirm::operation(),
        aliases::import::operation(),
        aliases::list::operation(),
        aliases::withdraw::operation(),
        categories::list::operation(),
        categories::rename::operation(),
        fx_rates::operation(),
        fx_rates::list::operation(),
        fx_rates::remove::operation(),
        fx_rates::set::operation(),
        known_gaps::create::operation(),
        known_gaps::delete::operation(),
        known_gaps::import::operation(),
        known_gaps::list::operation(),
        known_gaps::update::operation(),
        prices::operation(),
        prices::list::operation(),
        prices::remove::operation(),
        prices::set::operation(),
        products::create::operation(),
        products::get::operation(),
        products::import::operation(),
        products::list::operation(),
        products::update::operation(),
        stores::withdraw::operation(),
        stores::confirm::operation(),
        stores::import::operation(),
        stores::list::operation(),
        stores::unmatched::operation(),
        stores::update::operation(),
        unmatched::operation(),
        vendors::create::operation(),
        vendors::get::operation(),
        vendors::import::operation(),
        vendors::list::operation(),
        vendors::update::operation(),
    ]
}

#[cfg(test)]
mod tests;
