//! Books an upload: every end of an upload is written here, each in the one transaction of the caller.
//!
//! The order of a booking: [`open`] (locks, duplicate check) -> [`stage`] (rows into a temporary table while the file is
//! parsed) -> [`state`] (what they say in all) -> [`book`] (statements, rows, rollup, outcome, mail) -> commit. Nothing is visible before the commit, and a
//! worker that dies leaves nothing behind.

mod apply;
mod changes;
mod field;
mod line;
mod moves;
mod outcome;
mod replay;
mod rows;
mod staging;
mod statements;
mod undo;

use chrono::{DateTime, Utc};
use domain::{
    Action, AuditOutcome, EmailRequested, Finding, FirstUpload, Question, Report, RequestId, UploadId,
    UploadMode, UploadStatus,
};
use sqlx::FromRow;
use uuid::Uuid;

pub(crate) use self::outcome::restate_report;
pub use self::{
    staging::{Rows, Statements, stage, state},
    undo::{Undone, undo},
};
use crate::{Error, Result, Tenant, audit::Event, catalogue, uploads::Upload};

/// How an upload ended, and the mails to wake the sender for after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    pub status: UploadStatus,
    pub emails: Vec<EmailRequested>,
}

impl Ended {
    /// What the audit trail tells of it.
    #[must_use]
    pub fn event(&self, upload: &Upload) -> Event {
        let outcome = match self.status {
            UploadStatus::Rejected | UploadStatus::Failed => AuditOutcome::Failed,
            _ => AuditOutcome::Allowed,
        };
        Event::new(Action::UploadIngested)
            .outcome(outcome)
            .about(upload.id)
            .of_request(upload.request_id.as_ref().map(RequestId::to_string), None)
            .with("status", self.status.as_str())
            .with("attempts", upload.attempts)
    }
}

/// Keeps bookings of the same bytes apart until this transaction ends and looks for an earlier upload of them.
///
/// From here on nothing of the reference data changes before the transaction ends: read it afterwards.
///
/// # Errors
/// When the database fails.
pub async fn open(tenant: &mut Tenant, upload: UploadId, sha256: &str) -> Result<Option<FirstUpload>> {
    #[derive(FromRow)]
    struct First {
        id: Uuid,
        file_name: String,
        created_at: DateTime<Utc>,
    }
    let org = tenant.org();
    catalogue::share(tenant).await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('bytes' || $1::text || $2, 0))")
        .bind(org.0)
        .bind(sha256)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.lock_bytes"))?;
    let first: Option<First> = sqlx::query_as(
        "SELECT id, file_name, created_at FROM uploads
         WHERE org_id = $1 AND sha256 = $2 AND id <> $3 AND status IN ('completed', 'needs_review')
             -- A file that is booked and read again is nobody's duplicate.
             AND NOT EXISTS (SELECT FROM reporting_periods WHERE upload_id = $3)
         ORDER BY id LIMIT 1",
    )
    .bind(org.0)
    .bind(sha256)
    .bind(upload.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("booking.find_duplicate"))?;
    Ok(first.map(|first| FirstUpload {
        upload_id: UploadId(first.id),
        file_name: first.file_name,
        created_at: first.created_at,
    }))
}

/// Books the staged rows, or holds the upload when somebody must decide first.
///
/// # Errors
/// When the database fails.
pub async fn book(tenant: &mut Tenant, upload: &Upload, sha256: &str, mut report: Report) -> Result<Ended> {
    let approved = upload.approval.is_some();
    savepoint(tenant, "SAVEPOINT applied").await?;
    let mut applied = match report.vendor.clone() {
        Some(vendor) => apply::apply(tenant, upload, &vendor, &report).await?,
        None => apply::Applied::default(),
    };
    report.warnings.append(&mut applied.warnings);
    if !approved {
        if upload.mode == UploadMode::Validate {
            report.questions.push(confirm_booking());
        }
        report.questions.extend(applied.overlap.take());
    }
    let status = if !report.questions.is_empty() || (!approved && !report.ties()) {
        // What it would have changed is worth showing; none of it counts.
        savepoint(tenant, "ROLLBACK TO SAVEPOINT applied").await?;
        replay::withdraw(tenant, upload).await?;
        UploadStatus::NeedsReview
    } else {
        UploadStatus::Completed
    };
    outcome::read(tenant, upload, status, sha256, &report, applied).await
}

/// Ends an upload whose bytes were taken before.
///
/// # Errors
/// When the database fails.
pub async fn end_as_duplicate(
    tenant: &mut Tenant,
    upload: &Upload,
    sha256: &str,
    first: FirstUpload,
) -> Result<Ended> {
    outcome::duplicate(tenant, upload, sha256, first).await
}

/// Ends an upload that cannot be used; the vendor and the hash where they are known. One that is booked already and
/// cannot be read again stays booked, with a warning.
///
/// # Errors
/// When the database fails.
pub async fn reject(
    tenant: &mut Tenant,
    upload: &Upload,
    sha256: Option<&str>,
    vendor: Option<&str>,
    error: Finding,
) -> Result<Ended> {
    if replay::is_booked(tenant, upload.id).await? {
        return outcome::still_booked(tenant, upload, error).await;
    }
    outcome::without_rows(tenant, upload, UploadStatus::Rejected, sha256, vendor, error).await
}

/// Ends an upload that we could not process. One that is booked already stays so, with a warning.
///
/// # Errors
/// When the database fails.
pub async fn fail(tenant: &mut Tenant, upload: &Upload, error: Finding) -> Result<Ended> {
    if replay::is_booked(tenant, upload.id).await? {
        return outcome::still_booked(tenant, upload, error).await;
    }
    outcome::without_rows(tenant, upload, UploadStatus::Failed, None, None, error).await
}

fn confirm_booking() -> Question {
    Question {
        id: "confirm_booking".to_owned(),
        code: "confirm_booking".to_owned(),
        message: "The file was read and checked as asked; approve it to book it.".to_owned(),
        cell: None,
        suggestion: None,
        options: Vec::new(),
    }
}

async fn savepoint(tenant: &mut Tenant, statement: &'static str) -> Result<()> {
    sqlx::query(statement).execute(&mut **tenant).await.map_err(Error::query("booking.savepoint"))?;
    Ok(())
}
