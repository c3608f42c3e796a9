//! The tries of a mail. Each is announced by a commit before it is made, so that a worker that dies in between is noticed.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{EmailEvent, EmailId, EmailStatus, EmailType};
use sqlx::{FromRow, postgres::types::PgInterval};

use super::history::record;
use crate::{Error, Result, Tenant};

/// A mail whose row this transaction has locked.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimedEmail {
    pub id: EmailId,
    pub kind: EmailType,
    pub recipient: String,
    pub payload: serde_json::Value,
    pub created_at: DateTime<Utc>,
    /// Tries before this one.
    pub attempts: u32,
    /// The last try was begun, and nobody knows how it ended.
    pub unanswered: bool,
    /// The request that it comes from.
    pub request_id: Option<String>,
}

/// What became of an attempt to claim a mail.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    Taken(Box<ClaimedEmail>),
    /// Another worker holds it, or it is too early for its next try.
    Busy,
    /// There is nothing to send.
    Done,
    Missing,
}

/// A delivery that the mail service accepted.
#[derive(Debug, Clone)]
pub struct Delivery<'a> {
    pub subject: &'a str,
    pub size_bytes: u64,
    /// Given by the mail service.
    pub message_id: &'a str,
}

/// How a mail ends that is not sent.
#[derive(Debug, Clone)]
pub struct Outcome<'a> {
    pub status: EmailStatus,
    pub subject: Option<&'a str>,
    pub why: &'a str,
}

/// Locks a mail whose time has come, for the rest of the transaction.
///
/// One in `sending` belongs to whoever began the try, until its pause is over. Where `nobody_reports` what became of a try,
/// waiting for it helps nobody: then it is taken as soon as its worker has let go of it.
///
/// # Errors
/// When the database fails or holds a type that this version does not know.
pub async fn claim(tenant: &mut Tenant, id: EmailId, nobody_reports: bool) -> Result<Claim> {
    #[derive(FromRow)]
    struct Row {
        r#type: String,
        recipient: String,
        payload: serde_json::Value,
        created_at: DateTime<Utc>,
        attempts: i32,
        status: String,
        request_id: Option<String>,
    }
    let locked: Option<Row> = sqlx::query_as(
        "SELECT type, recipient, payload, created_at, attempts, status, request_id FROM email_logs
         WHERE id = $1 AND (status IN ('queued', 'sending') AND next_try_at <= now() OR status = 'sending' AND $2)
         FOR UPDATE SKIP LOCKED",
    )
    .bind(id.0)
    .bind(nobody_reports)
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
        unanswered: row.status == EmailStatus::Sending.as_str(),
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
        Some("queued" | "sending") => Claim::Busy,
        Some(_) => Claim::Done,
    })
}

/// Announces a try of a claimed mail. Commit it before the mail service is called; the next try comes after `pause`, unless
/// this one turns out well.
///
/// # Errors
/// When the database fails.
pub async fn begin(tenant: &mut Tenant, id: EmailId, pause: Duration) -> Result<()> {
    let pause = PgInterval::try_from(pause).map_err(Error::stored("emails.begin"))?;
    sqlx::query(
        "UPDATE email_logs SET status = 'sending', attempts = attempts + 1, tried_at = now(), next_try_at = now() + $2
         WHERE id = $1",
    )
    .bind(id.0)
    .bind(pause)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.begin"))?;
    record(tenant, id, EmailEvent::Tried, None).await
}

/// Locks a mail whose try number `attempt` was announced; `false` when somebody else has taken it over meanwhile. Whoever
/// holds the lock is alive.
///
/// # Errors
/// When the database fails.
pub async fn hold(tenant: &mut Tenant, id: EmailId, attempt: u32) -> Result<bool> {
    let held: Option<i32> = sqlx::query_scalar(
        "SELECT 1 FROM email_logs WHERE id = $1 AND status = 'sending' AND attempts = $2 FOR UPDATE SKIP LOCKED",
    )
    .bind(id.0)
    .bind(i32::try_from(attempt).unwrap_or(i32::MAX))
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("emails.hold"))?;
    Ok(held.is_some())
}

/// Records that the mail service took the mail.
///
/// # Errors
/// When the database fails.
pub async fn mark_sent(tenant: &mut Tenant, id: EmailId, delivery: &Delivery<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE email_logs SET status = 'sent', sent_at = now(), error = NULL, subject = $2, size_bytes = $3, message_id = $4
         WHERE id = $1 AND status = 'sending'",
    )
    .bind(id.0)
    .bind(delivery.subject)
    .bind(i64::try_from(delivery.size_bytes).unwrap_or(i64::MAX))
    .bind(delivery.message_id)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.mark_sent"))?;
    record(tenant, id, EmailEvent::Accepted, Some(delivery.message_id)).await
}

/// Records a try that failed; the mail waits for the next one.
///
/// # Errors
/// When the database fails.
pub async fn mark_tried(tenant: &mut Tenant, id: EmailId, error: &str) -> Result<()> {
    mark_unsent(tenant, id, EmailStatus::Queued, error).await?;
    record(tenant, id, EmailEvent::NotAccepted, Some(error)).await
}

/// Records a try that the mail service did not answer: the mail stays in `sending` until a report says what became of it, or
/// its pause is over.
///
/// # Errors
/// When the database fails.
pub async fn mark_unanswered(tenant: &mut Tenant, id: EmailId, error: &str) -> Result<()> {
    mark_unsent(tenant, id, EmailStatus::Sending, error).await?;
    record(tenant, id, EmailEvent::Unanswered, Some(error)).await
}

/// Records that a mail is given up.
///
/// # Errors
/// When the database fails.
pub async fn mark_failed(tenant: &mut Tenant, id: EmailId, error: &str) -> Result<()> {
    mark_unsent(tenant, id, EmailStatus::Failed, error).await?;
    record(tenant, id, EmailEvent::NotAccepted, Some(error)).await
}

async fn mark_unsent(tenant: &mut Tenant, id: EmailId, status: EmailStatus, error: &str) -> Result<()> {
    end(tenant, id, &Outcome { status, subject: None, why: error }).await
}

/// Ends a claimed mail without sending it.
///
/// # Errors
/// When the database fails.
pub async fn end(tenant: &mut Tenant, id: EmailId, outcome: &Outcome<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE email_logs SET status = $2, error = $3, subject = coalesce($4, subject)
         WHERE id = $1 AND status IN ('queued', 'sending')",
    )
    .bind(id.0)
    .bind(outcome.status.as_str())
    .bind(outcome.why)
    .bind(outcome.subject)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.end"))?;
    Ok(())
}
