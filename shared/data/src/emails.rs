//! `email_logs`: outbox and log of mails in one.

mod history;
mod sending;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{AccountMail, EmailId, EmailRequested, EmailStatus, EmailType, OrgId, RequestId, UploadId};
use serde::Serialize;
use sqlx::{FromRow, PgConnection, postgres::types::PgInterval};
use uuid::Uuid;

pub use self::{
    history::{Event, Report, events, note},
    sending::{
        Claim, ClaimedEmail, Delivery, Outcome, begin, claim, end, hold, mark_failed, mark_sent, mark_tried,
        mark_unanswered,
    },
};
use crate::{Error, Result, Tenant};

/// A mail to be sent once its transaction commits.
#[derive(Debug, Clone)]
pub struct NewEmail<'a> {
    pub id: EmailId,
    pub kind: EmailType,
    pub recipient: &'a str,
    /// What the kind needs: a `domain::{UploadMail, AccountMail, ReportMail, ScheduleMail, NoticeMail, DigestMail, ReminderMail}`.
    pub payload: &'a serde_json::Value,
    pub upload_id: Option<UploadId>,
    /// The request that it comes from.
    pub request_id: Option<&'a RequestId>,
}

/// One line of the mail log.
#[derive(Debug, Clone, PartialEq)]
pub struct EmailLog {
    pub id: EmailId,
    pub kind: EmailType,
    pub recipient: String,
    pub subject: Option<String>,
    pub status: EmailStatus,
    pub attempts: u32,
    pub size_bytes: Option<u64>,
    pub error: Option<String>,
    pub upload_id: Option<UploadId>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// Which mails to list; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct EmailFilter {
    pub kind: Option<EmailType>,
    pub status: Option<EmailStatus>,
    /// First day (UTC) on which a listed mail was made.
    pub from: Option<NaiveDate>,
    /// Last day, inclusive.
    pub to: Option<NaiveDate>,
}

/// Writes a mail into the outbox. Send its [`EmailRequested`] after the commit.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tenant: &mut Tenant, email: &NewEmail<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO email_logs (id, org_id, type, recipient, payload, upload_id, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(email.id.0)
    .bind(tenant.org().0)
    .bind(email.kind.as_str())
    .bind(email.recipient)
    .bind(email.payload)
    .bind(email.upload_id.map(|id| id.0))
    .bind(email.request_id.map(RequestId::as_str))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.insert"))?;
    Ok(())
}

/// Writes a mail about an account into the outbox, unless one of its kind was written for this address less than a
/// minute ago: nobody's mailbox is flooded by who knows its address.
///
/// # Errors
/// When the database refuses.
pub async fn insert_account_mail(
    tenant: &mut Tenant,
    kind: EmailType,
    recipient: &str,
    mail: &AccountMail,
    request: &RequestId,
) -> Result<Option<EmailRequested>> {
    let id = EmailId::new();
    let payload = serde_json::to_value(mail).map_err(Error::stored("emails.insert_account_mail"))?;
    let inserted = sqlx::query(
        "INSERT INTO email_logs (id, org_id, type, recipient, payload, request_id)
         SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (
             SELECT FROM email_logs
             WHERE recipient = $4 AND type = $3 AND created_at > now() - interval '1 minute')",
    )
    .bind(id.0)
    .bind(tenant.org().0)
    .bind(kind.as_str())
    .bind(recipient)
    .bind(payload)
    .bind(request.as_str())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.insert_account_mail"))?;
    let written = inserted.rows_affected() == 1;
    Ok(written.then_some(EmailRequested { org_id: tenant.org(), email_id: id }))
}

/// Writes a mail that tells this into the outbox.
///
/// # Errors
/// When the database refuses.
pub async fn write(
    tenant: &mut Tenant,
    kind: EmailType,
    recipient: &str,
    mail: &impl Serialize,
    request_id: Option<&str>,
) -> Result<EmailRequested> {
    let id = EmailId::new();
    let payload = serde_json::to_value(mail).map_err(Error::stored("emails.write"))?;
    let request: Option<RequestId> = request_id.and_then(|id| id.parse().ok());
    let email =
        NewEmail { id, kind, recipient, payload: &payload, upload_id: None, request_id: request.as_ref() };
    insert(tenant, &email).await?;
    Ok(EmailRequested { org_id: tenant.org(), email_id: id })
}

/// Lets a mail that was just written wait until then.
///
/// # Errors
/// When the database fails.
pub async fn hold_until(tenant: &mut Tenant, id: EmailId, then: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE email_logs SET next_try_at = $2 WHERE id = $1 AND status = 'queued'")
        .bind(id.0)
        .bind(then)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("emails.hold_until"))?;
    Ok(())
}

#[derive(FromRow)]
struct LogRow {
    id: Uuid,
    r#type: String,
    recipient: String,
    subject: Option<String>,
    status: String,
    attempts: i32,
    size_bytes: Option<i64>,
    error: Option<String>,
    upload_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    sent_at: Option<DateTime<Utc>>,
}

/// Lists mails, newest first, after the one at the cursor.
///
/// # Errors
/// When the database fails or holds a word that this version does not know.
pub async fn list(
    tenant: &mut Tenant,
    filter: &EmailFilter,
    limit: u32,
    after: Option<EmailId>,
) -> Result<Vec<EmailLog>> {
    let rows: Vec<LogRow> = sqlx::query_as(
        "SELECT id, type, recipient, subject, status, attempts, size_bytes, error, upload_id, created_at, sent_at
         FROM email_logs
         WHERE ($1::text IS NULL OR type = $1)
             AND ($2::text IS NULL OR status = $2)
             AND ($3::date IS NULL OR created_at >= $3::timestamp AT TIME ZONE 'UTC')
             AND ($4::date IS NULL OR created_at < ($4::date + 1)::timestamp AT TIME ZONE 'UTC')
             AND ($5::uuid IS NULL OR id < $5)
         ORDER BY id DESC
         LIMIT $6",
    )
    .bind(filter.kind.map(EmailType::as_str))
    .bind(filter.status.map(EmailStatus::as_str))
    .bind(filter.from)
    .bind(filter.to)
    .bind(after.map(|id| id.0))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("emails.list"))?;
    rows.into_iter().map(EmailLog::try_from).collect()
}

/// A mail with what it tells.
#[derive(Debug, Clone, PartialEq)]
pub struct EmailDetails {
    pub log: EmailLog,
    pub payload: serde_json::Value,
}

/// One mail of this organisation.
///
/// # Errors
/// When the database fails or holds a word that this version does not know.
pub async fn find(tenant: &mut Tenant, id: EmailId) -> Result<Option<EmailDetails>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        log: LogRow,
        payload: serde_json::Value,
    }
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, type, recipient, subject, status, attempts, size_bytes, error, upload_id, created_at, sent_at, payload
         FROM email_logs WHERE id = $1",
    )
    .bind(id.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("emails.find"))?;
    row.map(|row| Ok(EmailDetails { log: row.log.try_into()?, payload: row.payload })).transpose()
}

impl TryFrom<LogRow> for EmailLog {
    type Error = Error;

    fn try_from(row: LogRow) -> Result<Self> {
        Ok(Self {
            id: EmailId(row.id),
            kind: row.r#type.parse().map_err(Error::stored("emails.list"))?,
            recipient: row.recipient,
            subject: row.subject,
            status: row.status.parse().map_err(Error::stored("emails.list"))?,
            attempts: row.attempts.unsigned_abs(),
            size_bytes: row.size_bytes.map(i64::unsigned_abs),
            error: row.error,
            upload_id: row.upload_id.map(UploadId),
            created_at: row.created_at,
            sent_at: row.sent_at,
        })
    }
}

/// Mails of all tenants that have to be tried: those whose wake-up got lost, as they have waited for `quiet_for`, and those
/// whose pause between two tries is over.
///
/// # Errors
/// When the database fails.
pub async fn list_unsent(
    service: &mut PgConnection,
    quiet_for: Duration,
    limit: u32,
) -> Result<Vec<EmailRequested>> {
    let quiet_for = PgInterval::try_from(quiet_for).map_err(Error::stored("emails.list_unsent"))?;
    let rows: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT org_id, email_id FROM service.list_unsent_emails($1, $2)")
            .bind(quiet_for)
            .bind(i32::try_from(limit).unwrap_or(i32::MAX))
            .fetch_all(service)
            .await
            .map_err(Error::query("emails.list_unsent"))?;
    Ok(rows
        .into_iter()
        .map(|(org, email)| EmailRequested { org_id: OrgId(org), email_id: EmailId(email) })
        .collect())
}
