//! What vendors call the products, decision by decision.

pub mod confirm;
pub mod import;
pub mod list;
pub mod withdraw;

use chrono::{DateTime, Utc};
use data::product_aliases::Alias;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Alias")]
struct View {
    id: Uuid,
    vendor: String,
    alias: String,
    /// `null`: it is no product.
    ean: Option<String>,
    source: String,
    created_at: DateTime<Utc>,
    created_by: Option<Uuid>,
    /// Rows of the books that the decision changed.
    rows_changed: i64,
    /// Since when it holds no more.
    withdrawn_at: Option<DateTime<Utc>>,
    withdrawn_by: Option<Uuid>,
    rows_returned: Option<i64>,
}

impl From<Alias> for View {
    fn from(alias: Alias) -> Self {
        Self {
            id: alias.id,
            vendor: alias.vendor,
            alias: alias.alias,
            ean: alias.ean,
            source: alias.source,
            created_at: alias.created_at,
            created_by: alias.created_by,
            rows_changed: alias.rows_changed,
            withdrawn_at: alias.withdrawn_at,
            withdrawn_by: alias.withdrawn_by,
            rows_returned: alias.rows_returned,
        }
    }
}

#[cfg(test)]
mod tests;
