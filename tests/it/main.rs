//! Everything that can only be seen from outside a crate: the shape of the tree, the template, the events, and
//! the deployed system as its users meet it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop where it is"
)]

mod accounts;
mod audit;
mod belongings;
mod books;
mod callers;
mod canary;
mod completeness;
mod delivery;
mod events;
mod fields;
mod fleet;
mod flows;
mod hostile;
mod learned;
mod matrix;
mod openapi;
mod origins;
mod report_delivery;
mod requests;
mod setting;
mod sign_in;
mod streaming;
mod tenancy;
mod tidy;
mod tree;
