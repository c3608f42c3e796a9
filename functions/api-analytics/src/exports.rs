//! Files made of lists and analyses, however many rows they have.

mod context;
pub mod create;
pub mod get;
pub mod list;
mod selection;

use chrono::{DateTime, Utc};
use data::exports::Export;
use domain::{ExportFormat, ExportId, ExportStatus, Finding, NumberStyle};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

pub use self::context::Context;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Export")]
struct View {
    id: ExportId,
    source: String,
    /// As it was asked.
    query: Map<String, Value>,
    format: ExportFormat,
    locale: NumberStyle,
    status: ExportStatus,
    progress: Progress,
    /// Of the file; `null` until it is ready.
    rows: Option<i64>,
    size_bytes: Option<i64>,
    error: Option<Finding>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// When the file is removed.
    kept_until: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ExportProgress")]
struct Progress {
    rows_done: i64,
    /// `null` until they were counted.
    rows_total: Option<i64>,
}

impl From<Export> for View {
    fn from(export: Export) -> Self {
        let is_over = export.expires_at.is_some_and(|end| end < Utc::now());
        let status = match export.status.0 {
            ExportStatus::Ready if is_over => ExportStatus::Expired,
            status => status,
        };
        Self {
            id: ExportId(export.id),
            source: export.source,
            query: match export.query {
                Value::Object(query) => query,
                _ => Map::new(),
            },
            format: export.format.0,
            locale: export.number_style.0,
            status,
            progress: Progress { rows_done: export.rows_done, rows_total: export.rows_total },
            rows: export.size_bytes.map(|_| export.rows_done),
            size_bytes: export.size_bytes,
            error: export.error,
            created_at: export.created_at,
            finished_at: export.finished_at,
            kept_until: export.expires_at,
        }
    }
}

#[cfg(test)]
mod tests;
