//! Everything of this crate against a real Postgres.

mod booking;
mod books;
mod emails;
mod wall;
