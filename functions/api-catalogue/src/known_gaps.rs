//! Days that somebody knows a vendor will not report.

pub mod create;
pub mod delete;
pub mod import;
pub mod list;
pub mod update;

use chrono::{DateTime, NaiveDate, Utc};
use data::known_gaps::KnownGap;
use edge::{ApiError, FieldError};
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
    version: i32,
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
            version: gap.version,
        }
    }
}

/// Longest reason.
const REASON_CHARS_MAX: usize = 1_000;

/// That gap is known.
fn exists() -> ApiError {
    ApiError::conflict("known_gap_exists", "These days of this vendor are a known gap already.")
}

/// Notes days that end before they begin.
fn check_days(start: NaiveDate, end: Option<NaiveDate>, fields: &mut Vec<FieldError>) {
    if end.is_some_and(|end| end < start) {
        fields.push(FieldError::new("/end", "invalid", "end lies before start."));
    }
}

#[cfg(test)]
mod tests;
