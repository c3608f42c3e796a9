//! `email_logs`: outbox and log of mails in one.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    AccountMail, EmailId, EmailRequested, EmailStatus, EmailType, OrgId, ReportMail, RequestId, UploadId,
};
use sqlx::{FromRow, PgConnection, postgres::types::PgInterval};
use uuid::Uuid;

use crate::{Error, Result, Tenant};

/// A mail to be sent once its transaction commits.
#[derive(Debug, Clone)]
pub struct NewEmail<'a> {
    pub id: EmailId,
    pub kind: EmailType,
    pub recipient: &'a str,
    /// What the kind needs: a `domain::{UploadMail, AccountMail, ReportMail, ScheduleMail}`.
    pub payload: &'a serde_json::Value,
    pub upload_id: Option<UploadId>,
    /// The request that it comes from.
    pub request_id: Option<&'a RequestId>,
}

/// A mail whose row this transaction has locked.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedEmail {
    pub id: EmailId,
    pub kind: EmailType,
    pub recipient: String,
    pub payload: serde_json::Value,
    pub created_at: DateTime<Utc>,
    /// Tries that failed before this one.
    pub attempts: u32,
    /// The request that it comes from.
    pub request_id: Option<String>,
}

/// What became of an attempt to claim a mail.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    Taken(Box<ClaimedEmail>),
    /// Another worker holds it.
    Busy,
    /// Sent or given up.
    Done,
    Missing,
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

/// A delivery that the mail service accepted.
#[derive(Debug, Clone)]
pub struct Delivery<'a> {
    pub subject: &'a str,
    pub size_bytes: u64,
    /// Given by the mail service.
    pub message_id: &'a str,
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

/// Writes a mail about a report into the outbox.
///
/// # Errors
/// When the database refuses.
pub async fn insert_report_mail(
    tenant: &mut Tenant,
    kind: EmailType,
    recipient: &str,
    mail: &ReportMail,
    request_id: Option<&str>,
) -> Result<EmailRequested> {
    let id = EmailId::new();
    let payload = serde_json::to_value(mail).map_err(Error::stored("emails.insert_report_mail"))?;
    let request: Option<RequestId> = request_id.and_then(|id| id.parse().ok());
    let email =
        NewEmail { id, kind, recipient, payload: &payload, upload_id: None, request_id: request.as_ref() };
    insert(tenant, &email).await?;
    Ok(EmailRequested { org_id: tenant.org(), email_id: id })
}

/// Locks a mail that waits, for the rest of the transaction: send it and record the outcome in the same one. A worker
/// that dies gives the mail back by dying.
///
/// # Errors
/// When the database fails or holds a type that this version does not know.
pub async fn claim(tenant: &mut Tenant, id: EmailId) -> Result<Claim> {
    #[derive(FromRow)]
    struct Row {
        r#type: String,
        recipient: String,
        payload: serde_json::Value,
        created_at: DateTime<Utc>,
        attempts: i32,
        request_id: Option<String>,
    }
    let locked: Option<Row> = sqlx::query_as(
        "SELECT type, recipient, payload, created_at, attempts, request_id FROM email_logs
         WHERE id = $1 AND status = 'queued'
         FOR UPDATE SKIP LOCKED",
    )
    .bind(id.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("emails.claim"))?;
    let Some(row) = locked else { return why_not_claimed(tenant, id).await };
    Ok(Claim::Taken(Box::new(ClaimedEmail {
        id,
        kind: row.r#type.parse().map_err(Error::stored("emails.claim"))?,
        recipient: row.recipient,
        payload: row.payload,
        created_at: row.created_at,
        attempts: row.attempts.unsigned_abs(),
        request_id: row.request_id,
    })))
}

async fn why_not_claimed(tenant: &mut Tenant, id: EmailId) -> Result<Claim> {
    let status: Option<String> = sqlx::query_scalar("SELECT status FROM email_logs WHERE id = $1")
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("emails.claim"))?;
    Ok(match status.as_deref() {
        None => Claim::Missing,
        Some("sent" | "failed") => Claim::Done,
        Some(_) => Claim::Busy,
    })
}

/// Records that the mail service took a claimed mail.
///
/// # Errors
/// When the database fails.
pub async fn mark_sent(tenant: &mut Tenant, id: EmailId, delivery: &Delivery<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE email_logs SET status = 'sent', attempts = attempts + 1, tried_at = now(), sent_at = now(),
             error = NULL, subject = $2, size_bytes = $3, message_id = $4
         WHERE id = $1 AND status = 'queued'",
    )
    .bind(id.0)
    .bind(delivery.subject)
    .bind(i64::try_from(delivery.size_bytes).unwrap_or(i64::MAX))
    .bind(delivery.message_id)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.mark_sent"))?;
    Ok(())
}

/// Records a try of a claimed mail that failed; it waits for the next one.
///
/// # Errors
/// When the database fails.
pub async fn mark_tried(tenant: &mut Tenant, id: EmailId, error: &str) -> Result<()> {
    mark_unsent(tenant, id, EmailStatus::Queued, error).await
}

/// Records a try of a claimed mail that failed and was the last.
///
/// # Errors
/// When the database fails.
pub async fn mark_failed(tenant: &mut Tenant, id: EmailId, error: &str) -> Result<()> {
    mark_unsent(tenant, id, EmailStatus::Failed, error).await
}

async fn mark_unsent(tenant: &mut Tenant, id: EmailId, status: EmailStatus, error: &str) -> Result<()> {
    sqlx::query(
        "UPDATE email_logs SET status = $2, attempts = attempts + 1, tried_at = now(), error = $3
         WHERE id = $1 AND status = 'queued'",
    )
    .bind(id.0)
    .bind(status.as_str())
    .bind(error)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.mark_unsent"))?;
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

/// Mails of all tenants that wait and were not tried for `quiet_for`, oldest first: their wake-up got lost.
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
