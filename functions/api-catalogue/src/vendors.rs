//! Vendors: known from their first booked file on, named by people.

pub mod get;
pub mod list;
pub mod update;

use chrono::{DateTime, NaiveDate, Utc};
use data::vendors::Vendor;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Vendor")]
struct View {
    key: String,
    name: String,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Of the people who send its files.
    contact_email: Option<String>,
    /// Last day of the last period that counts.
    last_reported: Option<NaiveDate>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Vendor> for View {
    fn from(vendor: Vendor) -> Self {
        let Vendor { key, name, country, contact_email, last_reported, version, created_at, updated_at } =
            vendor;
        Self { key, name, country, contact_email, last_reported, version, created_at, updated_at }
    }
}

#[cfg(test)]
mod tests;
