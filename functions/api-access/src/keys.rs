//! Keys with which machines call.

pub mod create;
pub mod list;
pub mod revoke;
pub mod rotate;

use chrono::{DateTime, Utc};
use data::api_keys::ApiKey;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// Longest life of a key, and how long one lives without a wish.
const DAYS_MAX: i64 = 366;
const DAYS_DEFAULT: i64 = 90;
/// Longest time that a replaced key works beside the new one.
const OVERLAP_HOURS_MAX: i64 = 168;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApiKey")]
struct View {
    id: Uuid,
    name: String,
    /// Begins the key.
    prefix: String,
    scopes: Vec<String>,
    created_by: Uuid,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    replaced_by: Option<Uuid>,
}

/// A key that was just made.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NewApiKey")]
struct Made {
    #[serde(flatten)]
    view: View,
    /// The key itself, shown this once.
    key: String,
}

impl From<ApiKey> for View {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_by: key.created_by,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
            replaced_by: key.replaced_by,
        }
    }
}
