#![doc = include_str!("../README.md")]

pub mod analytics;
pub mod api_keys;
pub mod audit;
pub mod booking;
pub mod catalogue;
pub mod changes;
pub mod coverage;
pub mod data_versions;
mod database;
pub mod emails;
mod error;
pub mod fx_rates;
pub mod idempotency_keys;
pub mod identities;
pub mod installation;
mod json;
pub mod known_gaps;
pub mod members;
pub mod mfa;
pub mod model_calls;
pub mod orders;
pub mod organizations;
pub mod policies;
pub mod product_aliases;
pub mod product_prices;
pub mod products;
pub mod quotas;
pub mod rate_windows;
mod reader;
pub mod reference;
mod rematch;
pub mod reporting_periods;
pub mod roles;
mod rollup;
pub mod sales;
mod secret_token;
pub mod sessions;
pub mod sign_in_attempts;
pub mod signing_keys;
pub mod stores;
pub mod unmatched;
pub mod uploads;
pub mod user_tokens;
pub mod users;
pub mod vendor_profiles;
pub mod vendors;
mod wall;

pub use database::{Caller, Database, DatabaseSettings, Service, Tenant};
pub use error::{Error, Result};
pub use reader::{Reader, Reading};
pub use secret_token::{SecretToken, TokenHash};
pub use wall::WallKey;

/// The migrations of this build, embedded.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");
