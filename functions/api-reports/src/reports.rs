//! Reports: asked for once, followed, fetched.

pub mod correct;
pub mod create;
pub mod get;
pub mod list;

use chrono::{DateTime, NaiveDate, Utc};
use data::reports::{Difference, Report};
use domain::{
    Finding, ReportFormat, ReportId, ReportKind, ReportLocale, ReportRunId, ReportStatus, UploadId,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::scope::{self, CustomAnalysis};

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Report")]
struct View {
    id: ReportId,
    kind: ReportKind,
    format: ReportFormat,
    locale: ReportLocale,
    from: NaiveDate,
    to: NaiveDate,
    filters: Map<String, Value>,
    analysis: Option<CustomAnalysis>,
    upload_id: Option<UploadId>,
    /// Whom it is mailed to.
    recipients: Vec<String>,
    /// The run of a schedule that it was made for.
    run_id: Option<ReportRunId>,
    /// The report whose figures have changed since and that it replaces.
    corrected_of: Option<ReportId>,
    status: ReportStatus,
    /// In percent.
    progress: i16,
    size_bytes: Option<i64>,
    /// What it showed that is something else now; `null` until figures have changed since.
    differences: Option<Vec<Difference>>,
    error: Option<Finding>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// When the file is removed.
    kept_until: Option<DateTime<Utc>>,
}

impl From<Report> for View {
    fn from(report: Report) -> Self {
        let is_over = report.expires_at.is_some_and(|end| end < Utc::now());
        let status = match report.status.0 {
            ReportStatus::Ready if is_over => ReportStatus::Expired,
            status => status,
        };
        Self {
            id: ReportId(report.id),
            kind: report.kind.0,
            format: report.format.0,
            locale: report.locale.0,
            from: report.first_day,
            to: report.last_day,
            filters: scope::written(&report.scope.filters),
            analysis: scope::custom(&report.scope),
            upload_id: report.scope.upload_id,
            recipients: report.recipients,
            run_id: report.run_id.map(ReportRunId),
            corrected_of: report.corrected_of.map(ReportId),
            status,
            progress: report.progress,
            size_bytes: report.size_bytes,
            differences: report.differences,
            error: report.error,
            created_at: report.created_at,
            finished_at: report.finished_at,
            kept_until: report.expires_at,
        }
    }
}

#[cfg(test)]
mod tests;
