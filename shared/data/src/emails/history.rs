//! What happened to a mail, from its first try to what its reader made of it.

use chrono::{DateTime, Utc};
use domain::{EmailEvent, EmailId, EmailStatus};
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub what: EmailEvent,
    pub at: DateTime<Utc>,
    pub detail: Option<String>,
}

/// What a mail service reports after it took a mail.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    pub event: EmailEvent,
    pub at: DateTime<Utc>,
    pub detail: Option<&'a str>,
    /// Given by the mail service.
    pub message_id: &'a str,
}

/// Something that happens now.
pub(super) async fn record(
    tenant: &mut Tenant,
    id: EmailId,
    what: EmailEvent,
    detail: Option<&str>,
) -> Result<()> {
    let at: DateTime<Utc> = sqlx::query_scalar("SELECT clock_timestamp()")
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("emails.record"))?;
    write(tenant, id, what, at, detail).await.map(|_| ())
}

async fn write(
    tenant: &mut Tenant,
    id: EmailId,
    what: EmailEvent,
    at: DateTime<Utc>,
    detail: Option<&str>,
) -> Result<bool> {
    let written = sqlx::query(
        "INSERT INTO email_events (org_id, email_id, what, happened_at, detail) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING",
    )
    .bind(tenant.org().0)
    .bind(id.0)
    .bind(what.as_str())
    .bind(at)
    .bind(detail)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.write_event"))?;
    Ok(written.rows_affected() == 1)
}

/// The history of a mail, oldest first.
///
/// # Errors
/// When the database fails or holds a word that this version does not know.
pub async fn events(tenant: &mut Tenant, id: EmailId) -> Result<Vec<Event>> {
    #[derive(FromRow)]
    struct Row {
        what: String,
        happened_at: DateTime<Utc>,
        detail: Option<String>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT what, happened_at, detail FROM email_events WHERE email_id = $1 ORDER BY happened_at, what DESC",
    )
    .bind(id.0)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("emails.events"))?;
    rows.into_iter()
        .map(|row| {
            let what = row.what.parse().map_err(Error::stored("emails.events"))?;
            Ok(Event { what, at: row.happened_at, detail: row.detail })
        })
        .collect()
}

/// Takes down what a mail service reports; `false` when it was known.
///
/// A report never takes back what a stronger one said, in whichever order they come, and one about a mail in `sending` says
/// that it need not be sent again.
///
/// # Errors
/// When the database fails.
pub async fn note(tenant: &mut Tenant, id: EmailId, report: &Report<'_>) -> Result<bool> {
    if !write(tenant, id, report.event, report.at, report.detail).await? {
        return Ok(false);
    }
    let status = match report.event {
        EmailEvent::Accepted | EmailEvent::Delayed => EmailStatus::Sent,
        EmailEvent::Delivered => EmailStatus::Delivered,
        EmailEvent::Bounced | EmailEvent::Rejected => EmailStatus::Bounced,
        EmailEvent::Complained => EmailStatus::Complained,
        EmailEvent::Tried | EmailEvent::NotAccepted | EmailEvent::Unanswered => return Ok(true),
    };
    sqlx::query(
        "UPDATE email_logs SET status = $2, message_id = coalesce(message_id, $3), sent_at = coalesce(sent_at, $4),
             error = $5
         WHERE id = $1 AND coalesce(array_position($6, status), 0) < array_position($6, $2)",
    )
    .bind(id.0)
    .bind(status.as_str())
    .bind(report.message_id)
    .bind(report.at)
    .bind(report.detail)
    .bind(["failed", "queued", "sending", "sent", "delivered", "bounced", "complained"].map(str::to_owned))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("emails.note"))?;
    Ok(true)
}
