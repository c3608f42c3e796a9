//! Everything of this crate against a real Postgres.

mod emails;
mod wall;
