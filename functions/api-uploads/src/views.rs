//! What the API says about uploads.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use cloud::{PresignedGet, PresignedPut};
use data::{
    booking::Undone,
    uploads::{Answer, Approval, InboxReject, Upload},
};
use domain::{
    Control, Finding, MailChanges, MailPeriod, MailTotal, Proposal, Question, Reject, RowCounts, UploadId,
    UploadMode, UploadSource, UploadStatus,
};
use schemars::JsonSchema;
use serde::Serialize;

/// Answer to an announcement.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AnnouncedView {
    id: UploadId,
    status: UploadStatus,
    upload: PutView,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PutView {
    method: &'static str,
    url: String,
    headers: BTreeMap<String, String>,
    expires_at: DateTime<Utc>,
}

impl AnnouncedView {
    pub(crate) fn new(id: UploadId, put: PresignedPut) -> Self {
        let PresignedPut { url, headers, expires_at } = put;
        Self {
            id,
            status: UploadStatus::Pending,
            upload: PutView { method: "PUT", url, headers, expires_at },
        }
    }
}

/// One upload, whole.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UploadView {
    id: UploadId,
    file_name: String,
    size_bytes: u64,
    sha256: Option<String>,
    source: UploadSource,
    mode: UploadMode,
    status: UploadStatus,
    vendor: Option<String>,
    vendor_confidence: Option<f64>,
    layout: Option<String>,
    periods: Vec<MailPeriod>,
    rows: RowCounts,
    totals: Vec<MailTotal>,
    controls: Vec<Control>,
    changes: MailChanges,
    /// Of a file that was read again: what that changed against the reading before.
    replay: Option<MailChanges>,
    warnings: Vec<Finding>,
    questions: Vec<Question>,
    /// How a file without a known layout was understood; in lists left out.
    proposal: Option<Proposal>,
    answers: Vec<Answer>,
    /// Whether the proposed layout is to be kept as a profile of the vendor.
    remember: bool,
    error: Option<Finding>,
    /// The upload that brought the same bytes first.
    duplicate_of: Option<UploadId>,
    /// Who took it although something did not tie.
    approval: Option<Approval>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    duration_ms: Option<i64>,
    undone_at: Option<DateTime<Utc>>,
}

impl UploadView {
    pub(crate) fn new(upload: Upload, controls: Vec<Control>) -> Self {
        let took = |finished_at: DateTime<Utc>| {
            (finished_at - upload.started_at.unwrap_or(upload.created_at)).num_milliseconds().max(0)
        };
        Self {
            id: upload.id,
            rows: upload.rows(),
            duration_ms: upload.finished_at.map(took),
            file_name: upload.file_name,
            size_bytes: upload.size_bytes,
            sha256: upload.sha256,
            source: upload.source,
            mode: upload.mode,
            status: upload.status,
            vendor: upload.vendor,
            vendor_confidence: upload.vendor_confidence.map(two_decimals),
            layout: upload.layout,
            periods: upload.periods,
            totals: upload.totals,
            controls,
            changes: upload.changes,
            replay: upload.replay,
            warnings: upload.warnings,
            questions: upload.questions,
            proposal: upload.proposal,
            answers: upload.answers,
            remember: upload.remember_by.is_some(),
            error: upload.error,
            duplicate_of: upload.duplicate_of,
            approval: upload.approval,
            created_at: upload.created_at,
            finished_at: upload.finished_at,
            undone_at: upload.undone_at,
        }
    }
}

/// A row that could not be taken, with the file it stands in.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct InboxRejectView {
    upload_id: UploadId,
    file_name: String,
    vendor: Option<String>,
    upload_status: UploadStatus,
    #[serde(flatten)]
    reject: Reject,
}

impl From<InboxReject> for InboxRejectView {
    fn from(row: InboxReject) -> Self {
        let InboxReject { upload, file_name, vendor, status, reject, .. } = row;
        Self { upload_id: upload, file_name, vendor, upload_status: status, reject }
    }
}

/// Answer to a decision: the upload is on its way again.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct RequeuedView {
    pub(crate) id: UploadId,
    pub(crate) status: UploadStatus,
}

/// What an undo did, in rows.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct UndoneView {
    removed: u64,
    restored: u64,
    kept: u64,
}

impl From<Undone> for UndoneView {
    fn from(undone: Undone) -> Self {
        Self { removed: undone.removed, restored: undone.restored, kept: undone.kept }
    }
}

/// Where the original can be downloaded.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OriginalView {
    url: String,
    expires_at: DateTime<Utc>,
}

impl From<PresignedGet> for OriginalView {
    fn from(get: PresignedGet) -> Self {
        Self { url: get.url, expires_at: get.expires_at }
    }
}

/// A confidence is an estimate: more decimals would only pretend.
fn two_decimals(share: f64) -> f64 {
    (share * 100.0).round() / 100.0
}
