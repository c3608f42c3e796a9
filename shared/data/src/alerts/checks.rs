//! What looks at watched figures found.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{AlertId, AlertVerdict, EmailId};
use rust_decimal::Decimal;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Error, Result, Tenant, Word};

/// A row of `alert_checks`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Check {
    pub subject: Uuid,
    pub period_start: NaiveDate,
    pub line: String,
    pub line_name: String,
    #[sqlx(try_from = "String")]
    pub verdict: Word<AlertVerdict>,
    pub value: Option<Decimal>,
    pub expected: Option<Decimal>,
    pub low: Option<Decimal>,
    pub high: Option<Decimal>,
    pub why: String,
    pub email_id: Option<Uuid>,
    pub checked_at: DateTime<Utc>,
}

/// What a look found.
#[derive(Debug, Clone)]
pub struct NewCheck<'a> {
    pub alert: AlertId,
    /// The user or key whose rights chose the rows.
    pub subject: Uuid,
    pub period_start: NaiveDate,
    pub line: &'a str,
    pub line_name: &'a str,
    pub verdict: AlertVerdict,
    pub value: Option<Decimal>,
    pub expected: Option<Decimal>,
    pub low: Option<Decimal>,
    pub high: Option<Decimal>,
    pub why: &'a str,
}

const COLUMNS: &str =
    "subject, period_start, line, line_name, verdict, value, expected, low, high, why, email_id, checked_at";

/// Keeps what a look found, in the place of what an earlier one has.
///
/// # Errors
/// When the database fails.
pub async fn insert_check(tenant: &mut Tenant, new: &NewCheck<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO alert_checks (org_id, alert_id, subject, period_start, line, line_name, verdict, value, expected, low, high, why)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (alert_id, subject, period_start, line) DO UPDATE SET line_name = EXCLUDED.line_name,
             verdict = EXCLUDED.verdict, value = EXCLUDED.value, expected = EXCLUDED.expected, low = EXCLUDED.low,
             high = EXCLUDED.high, why = EXCLUDED.why, checked_at = now()
             WHERE (alert_checks.verdict, alert_checks.value, alert_checks.low, alert_checks.high, alert_checks.why)
                 IS DISTINCT FROM (EXCLUDED.verdict, EXCLUDED.value, EXCLUDED.low, EXCLUDED.high, EXCLUDED.why)",
    )
    .bind(tenant.org().0)
    .bind(new.alert.0)
    .bind(new.subject)
    .bind(new.period_start)
    .bind(new.line)
    .bind(new.line_name)
    .bind(new.verdict.as_str())
    .bind(new.value)
    .bind(new.expected)
    .bind(new.low)
    .bind(new.high)
    .bind(new.why)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("alerts.insert_check"))?;
    Ok(())
}

/// What was found for this subject since a period, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn checks(
    tenant: &mut Tenant,
    alert: AlertId,
    subject: Uuid,
    since: NaiveDate,
) -> Result<Vec<Check>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM alert_checks WHERE alert_id = $1 AND subject = $2 AND period_start >= $3
         ORDER BY period_start, line"
    )))
    .bind(alert.0)
    .bind(subject)
    .bind(since)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("alerts.checks"))
}

/// Whether the breach that a period belongs to has been told of: the verdict before it, or the one after, which came first when a file
/// was late, is a breach as well.
///
/// # Errors
/// When the database fails.
pub async fn is_reported(
    tenant: &mut Tenant,
    alert: AlertId,
    subject: Uuid,
    (period_start, line): (NaiveDate, &str),
) -> Result<bool> {
    sqlx::query_scalar(
        "WITH judged AS (
             SELECT period_start, verdict FROM alert_checks
             WHERE alert_id = $1 AND subject = $2 AND line = $4 AND verdict IN ('fine', 'breached'))
         SELECT coalesce((SELECT verdict = 'breached' FROM judged WHERE period_start < $3 ORDER BY period_start DESC LIMIT 1), false)
             OR coalesce((SELECT verdict = 'breached' FROM judged WHERE period_start > $3 ORDER BY period_start LIMIT 1), false)",
    )
    .bind(alert.0)
    .bind(subject)
    .bind(period_start)
    .bind(line)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("alerts.is_reported"))
}

/// This mail tells of these lines of a period.
///
/// # Errors
/// When the database fails.
pub async fn mark_told(
    tenant: &mut Tenant,
    alert: AlertId,
    subject: Uuid,
    (period_start, lines): (NaiveDate, &[String]),
    mail: EmailId,
) -> Result<()> {
    sqlx::query(
        "UPDATE alert_checks SET email_id = $5
         WHERE alert_id = $1 AND subject = $2 AND period_start = $3 AND line = ANY ($4)",
    )
    .bind(alert.0)
    .bind(subject)
    .bind(period_start)
    .bind(lines)
    .bind(mail.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("alerts.mark_told"))?;
    Ok(())
}

/// At most `limit` verdicts that this transaction may see, of the latest periods first, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list_checks(
    tenant: &mut Tenant,
    alert: AlertId,
    limit: u32,
    after: Option<(NaiveDate, String, Uuid)>,
) -> Result<Vec<Check>> {
    let (day, line, subject) =
        after.map_or((None, None, None), |(day, line, subject)| (Some(day), Some(line), Some(subject)));
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM alert_checks
         WHERE alert_id = $1 AND ($2::date IS NULL OR period_start < $2 OR period_start = $2 AND (line, subject) > ($3, $4))
         ORDER BY period_start DESC, line, subject LIMIT $5"
    )))
    .bind(alert.0)
    .bind(day)
    .bind(line)
    .bind(subject)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("alerts.list_checks"))
}
