//! Vendors: known from their first booked file on, or before; named by people.

pub mod create;
pub mod get;
pub mod import;
pub mod list;
pub mod update;

use chrono::{DateTime, NaiveDate, Utc};
use data::vendors::Vendor;
use domain::ReportLocale;
use schemars::JsonSchema;
use serde::Serialize;

/// Longest name of a vendor, or of who sends its files.
const NAME_CHARS_MAX: usize = 200;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Vendor")]
struct View {
    key: String,
    name: String,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Of the people who send its files.
    contact_email: Option<String>,
    contact_name: Option<String>,
    /// What they are written to in; `null`: English.
    contact_language: Option<ReportLocale>,
    /// Since when nobody waits for files of it; what it reported stays.
    archived_at: Option<DateTime<Utc>>,
    /// Last day of the last period that counts.
    last_reported: Option<NaiveDate>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Vendor> for View {
    fn from(vendor: Vendor) -> Self {
        Self {
            key: vendor.key,
            name: vendor.name,
            country: vendor.country,
            contact_email: vendor.contact_email,
            contact_name: vendor.contact_name,
            contact_language: vendor.contact_language.and_then(|word| word.parse().ok()),
            archived_at: vendor.archived_at,
            last_reported: vendor.last_reported,
            version: vendor.version,
            created_at: vendor.created_at,
            updated_at: vendor.updated_at,
        }
    }
}

#[cfg(test)]
mod tests;
