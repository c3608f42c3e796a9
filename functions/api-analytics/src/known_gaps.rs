//! Days that somebody knows a vendor will not report.

pub mod create;
pub mod delete;
pub mod list;

use chrono::{DateTime, NaiveDate, Utc};
use data::known_gaps::KnownGap;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    id: Uuid,
    vendor: String,
    start: NaiveDate,
    /// Inclusive; `null` is until further notice.
    end: Option<NaiveDate>,
    reason: String,
    created_by: Uuid,
    created_at: DateTime<Utc>,
}

impl From<KnownGap> for View {
    fn from(gap: KnownGap) -> Self {
        Self {
            id: gap.id,
            vendor: gap.vendor,
            start: gap.first_day,
            end: gap.last_day,
            reason: gap.reason,
            created_by: gap.created_by,
            created_at: gap.created_at,
        }
    }
}

#[cfg(test)]
mod tests;
