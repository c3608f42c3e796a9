//! Stores of vendors, and the spellings that files print for them.

pub mod confirm;
pub mod import;
pub mod list;
pub mod unmatched;
pub mod update;
pub mod withdraw;

use chrono::{DateTime, Utc};
use data::stores::{Details, Spelling, Store};
use edge::FieldError;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::words;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Store")]
struct View {
    id: Uuid,
    vendor: String,
    name: String,
    /// `null`: rows show what they say themselves.
    kind: Option<String>,
    city: Option<String>,
    country: Option<String>,
    spellings: Vec<Spelling>,
    /// Rows that count.
    rows: i64,
    /// Since when nobody is offered it any more; what it sold stays.
    archived_at: Option<DateTime<Utc>>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Store> for View {
    fn from(store: Store) -> Self {
        Self {
            id: store.id,
            vendor: store.vendor,
            name: store.name,
            kind: store.kind,
            city: store.city,
            country: store.country,
            spellings: store.spellings.0,
            rows: store.rows,
            archived_at: store.archived_at,
            version: store.version,
            created_at: store.created_at,
            updated_at: store.updated_at,
        }
    }
}

/// Notes what is wrong with where a store is said to be.
fn check(details: &Details, fields: &mut Vec<FieldError>) {
    for (pointer, text) in [("/city", &details.city), ("/country", &details.country)] {
        if let Some(Some(text)) = text {
            words::check(pointer, text, words::NAME_CHARS_MAX, fields);
        }
    }
}

#[cfg(test)]
mod tests;
