//! Everything of this crate against a real Postgres.

mod booking;
mod books;
mod catalogue;
mod emails;
mod history;
mod idempotency_keys;
mod sales;
mod sessions;
mod wall;
