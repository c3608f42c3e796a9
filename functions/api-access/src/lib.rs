#![doc = include_str!("../README.md")]

pub mod keys;
pub mod organization;
mod permissions;
pub mod policies;
pub mod retention_rules;
pub mod roles;

pub use edge::DatabaseContext as Context;

/// The routes of this crate, for the API document.
#[must_use]
pub fn operations() -> Vec<edge::openapi::Operation> {
    vec![
        keys::create::operation(),
        keys::list::operation(),
        keys::revoke::operation(),
        keys::rotate::operation(),
        organization::get::operation(),
        organization::update::operation(),
        policies::create::operation(),
        policies::delete::operation(),
        policies::list::operation(),
        policies::update::operation(),
        retention_rules::list::operation(),
        retention_rules::update::operation(),
        roles::create::operation(),
        roles::delete::operation(),
        roles::list::operation(),
        roles::update::operation(),
    ]
}

#[cfg(test)]
mod tests;
