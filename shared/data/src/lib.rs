#![doc = include_str!("../README.md")]

mod database;
pub mod emails;
mod error;
pub mod installation;
pub mod uploads;
mod wall;

pub use database::{Database, DatabaseSettings, Tenant};
pub use error::{Error, Result};
pub use wall::WallKey;

/// The migrations of this build, embedded.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");
