//! Uploads: one file each, from its announcement to its end.

mod booked;
mod decisions;
mod details;
mod suggestions;
mod work;

use chrono::{DateTime, Utc};
use domain::{
    FileName, Finding, MailChanges, MailPeriod, MailTotal, Proposal, Question, RequestId, RowCounts,
    UploadId, UploadMode, UploadSource, UploadStatus, UserId,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

pub use self::{
    booked::{counting, list_for_test, list_held, stated},
    decisions::{answer, approve, remember, replay, retry, set_request},
    details::{InboxReject, RejectFilter, controls, first_controls, reject_inbox, rejects},
    suggestions::suggest,
    work::{Claim, claim, expire, find_drop_org, list_stuck, lock, touch},
};
use crate::{Error, Result, Tenant};

/// Tries before an upload is given up. Generous, because a worker that is killed costs one as well.
pub const MAX_ATTEMPTS: i32 = 5;

/// A row of `uploads`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
pub struct Upload {
    pub id: UploadId,
    pub file_name: String,
    pub size_bytes: u64,
    /// Lower-case hex; known once the file was read.
    pub sha256: Option<String>,
    pub source: UploadSource,
    pub mode: UploadMode,
    pub status: UploadStatus,
    pub object_key: String,
    /// When the sender said it: among statements about the same period the latest counts.
    pub stated_at: DateTime<Utc>,
    pub vendor_hint: Option<String>,
    pub vendor: Option<String>,
    /// From 0 to 1.
    pub vendor_confidence: Option<f64>,
    pub layout: Option<String>,
    rows_read: u64,
    rows_accepted: u64,
    rows_rejected: u64,
    rows_ignored: u64,
    pub periods: Vec<MailPeriod>,
    pub changes: MailChanges,
    /// Of a file that was read again: what that changed against the reading before.
    pub replay: Option<MailChanges>,
    pub totals: Vec<MailTotal>,
    pub warnings: Vec<Finding>,
    pub questions: Vec<Question>,
    pub error: Option<Finding>,
    /// How a file without a known layout was understood.
    pub proposal: Option<Proposal>,
    pub answers: Vec<Answer>,
    /// Who wants the proposed layout to be kept as a profile of the vendor.
    pub remember_by: Option<UserId>,
    pub approval: Option<Approval>,
    pub attempts: i32,
    pub lease_until: Option<DateTime<Utc>>,
    pub duplicate_of: Option<UploadId>,
    pub created_by: Option<UserId>,
    pub request_id: Option<RequestId>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub undone_at: Option<DateTime<Utc>>,
    /// Since then its file is gone: a rule of the organisation said so.
    pub original_removed_at: Option<DateTime<Utc>>,
}

impl Upload {
    /// Lines of the file by what became of them.
    #[must_use]
    pub fn rows(&self) -> RowCounts {
        RowCounts {
            read: self.rows_read,
            accepted: self.rows_accepted,
            rejected: self.rows_rejected,
            ignored: self.rows_ignored,
        }
    }
}

/// A person's answer to a question of the upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// Id of the question.
    pub id: String,
    pub value: String,
    pub by: UserId,
    pub at: DateTime<Utc>,
}

/// Who took a held upload, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    pub by: UserId,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// A file that somebody announced, or that was dropped into the bucket.
#[derive(Debug, Clone)]
pub struct NewUpload {
    pub id: UploadId,
    pub file_name: FileName,
    pub size_bytes: u64,
    pub object_key: String,
    pub mode: UploadMode,
    pub vendor_hint: Option<String>,
    pub origin: Origin,
    pub request_id: Option<RequestId>,
}

/// Where an upload comes from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// Announced through the API; stated when it is announced.
    Api { created_by: UserId },
    /// Found in the bucket; stated when the object was written.
    Drop {
        /// Which write of the object: the same for every delivery of its event.
        identity: String,
        stated_at: DateTime<Utc>,
    },
}

/// Announces an upload. Of a drop whose event came before, the upload made then is returned.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, new: &NewUpload) -> Result<UploadId> {
    let (source, created_by, identity, stated_at) = match &new.origin {
        Origin::Api { created_by } => (UploadSource::Api, Some(created_by.0), None, None),
        Origin::Drop { identity, stated_at } => (UploadSource::Drop, None, Some(identity), Some(*stated_at)),
    };
    // The update changes nothing: it makes RETURNING give the row that is already there.
    let id = sqlx::query_scalar(
        "INSERT INTO uploads (id, org_id, file_name, size_bytes, source, mode, object_key, drop_identity, stated_at,
             vendor_hint, created_by, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, now()), $10, $11, $12)
         ON CONFLICT (org_id, object_key, drop_identity) DO UPDATE SET drop_identity = EXCLUDED.drop_identity
         RETURNING id",
    )
    .bind(new.id.0)
    .bind(tenant.org().0)
    .bind(new.file_name.as_str())
    .bind(i64::try_from(new.size_bytes).unwrap_or(i64::MAX))
    .bind(source.as_str())
    .bind(new.mode.as_str())
    .bind(&new.object_key)
    .bind(identity)
    .bind(stated_at)
    .bind(&new.vendor_hint)
    .bind(created_by)
    .bind(new.request_id.as_ref().map(RequestId::as_str))
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("uploads.insert"))?;
    Ok(UploadId(id))
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: UploadId) -> Result<Option<Upload>> {
    // One JSON document instead of 35 columns: most of them are documents already.
    let found: Option<Json<Upload>> = sqlx::query_scalar("SELECT to_jsonb(u) FROM uploads u WHERE id = $1")
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("uploads.find"))?;
    Ok(found.map(|Json(upload)| upload))
}

/// Which uploads to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<UploadStatus>,
    pub vendor: Option<String>,
}

/// At most `limit` uploads, newest first, beginning after the upload `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<UploadId>,
) -> Result<Vec<Upload>> {
    let found: Vec<Json<Upload>> = sqlx::query_scalar(
        "SELECT to_jsonb(u) FROM uploads u
         WHERE org_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR vendor = $3)
             AND ($4::uuid IS NULL OR id < $4)
         ORDER BY id DESC LIMIT $5",
    )
    .bind(tenant.org().0)
    .bind(filter.status.map(UploadStatus::as_str))
    .bind(&filter.vendor)
    .bind(after.map(|id| id.0))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.list"))?;
    Ok(found.into_iter().map(|Json(upload)| upload).collect())
}
