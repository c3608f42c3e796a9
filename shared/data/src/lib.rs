#![doc = include_str!("../README.md")]

pub mod booking;
mod database;
pub mod emails;
mod error;
pub mod installation;
mod rollup;
pub mod uploads;
mod wall;

pub use database::{Database, DatabaseSettings, Tenant};
pub use error::{Error, Result};
pub use wall::WallKey;

/// The migrations of this build, embedded.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");
