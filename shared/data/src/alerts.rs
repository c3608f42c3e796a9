//! Alerts: which figures are watched, in whose name, and who is told.

mod checks;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    AlertId, AlertRepeat, AlertRule, EmailRequested, EmailType, Finding, NoticeMail, OrgId,
    schedule::QuietHours,
};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, types::Json};
use uuid::Uuid;

pub use self::checks::{Check, NewCheck, checks, insert_check, is_reported, list_checks, mark_told};
use crate::{Error, Result, Tenant, Word, emails, organizations, owners};

/// Alerts that an organisation can have.
pub const ALERTS_MAX: i64 = 500;

/// What somebody wants to be told of.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Whoever makes or changes it.
    pub owner: Uuid,
    pub name: String,
    pub rule: AlertRule,
    pub quiet: Option<QuietHours>,
    pub repeat: AlertRepeat,
    /// Users.
    pub recipients: Vec<Uuid>,
    pub active: bool,
    /// First day of the first period that it looks at.
    pub since: NaiveDate,
}

/// A row of `alerts`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Alert {
    pub id: Uuid,
    pub owner: Uuid,
    pub name: String,
    #[sqlx(json)]
    pub rule: AlertRule,
    #[sqlx(json(nullable))]
    pub quiet: Option<QuietHours>,
    #[sqlx(try_from = "String")]
    pub repeat: Word<AlertRepeat>,
    pub recipients: Vec<Uuid>,
    pub active: bool,
    /// Why it watches no more, where nobody has paused it.
    #[sqlx(json(nullable))]
    pub stopped: Option<Finding>,
    pub since: NaiveDate,
    /// How often the books had changed when it was looked at last.
    pub seen_version: Option<i64>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, owner, name, rule, quiet, repeat, recipients, active, stopped, since, seen_version, version, created_at, \
                       updated_at";

impl Alert {
    /// The permissions without which its owner cannot have it watched.
    #[must_use]
    pub fn needs(&self) -> Vec<&'static str> {
        needs(&self.rule, self.owner, &self.recipients)
    }

    /// Whose figures are looked at: those of whom it tells, and its owner's.
    #[must_use]
    pub fn subjects(&self) -> Vec<Uuid> {
        let mut subjects = self.recipients.clone();
        subjects.push(self.owner);
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }
}

/// The permissions without which nobody has this watched for these.
#[must_use]
pub fn needs(rule: &AlertRule, owner: Uuid, recipients: &[Uuid]) -> Vec<&'static str> {
    let mut needs = rule.needs().to_vec();
    if recipients.iter().any(|recipient| *recipient != owner) {
        needs.push("reports:write");
    }
    needs
}

/// Keeps a wish; `false` when the organisation has too many.
///
/// # Errors
/// When the database fails, or refuses what is in the name of somebody else.
pub async fn insert(tenant: &mut Tenant, id: AlertId, wish: &Wish) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO alerts (id, org_id, owner, name, rule, quiet, repeat, recipients, active, since)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 WHERE (SELECT count(*) FROM alerts) < $11",
    )
    .bind(id.0)
    .bind(tenant.org().0)
    .bind(wish.owner)
    .bind(&wish.name)
    .bind(Json(&wish.rule))
    .bind(wish.quiet.as_ref().map(Json))
    .bind(wish.repeat.as_str())
    .bind(&wish.recipients)
    .bind(wish.active)
    .bind(wish.since)
    .bind(ALERTS_MAX)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("alerts.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// Changes the wish that was seen in this version; `false` when it has changed since. Periods that were judged stay judged.
///
/// # Errors
/// As [`insert`].
pub async fn update(tenant: &mut Tenant, id: AlertId, version: i32, wish: &Wish) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE alerts SET owner = $3, name = $4, rule = $5, quiet = $6, repeat = $7, recipients = $8, active = $9, since = $10,
             stopped = NULL, seen_version = NULL, seen_on = NULL, version = version + 1, updated_at = now()
         WHERE id = $1 AND version = $2",
    )
    .bind(id.0)
    .bind(version)
    .bind(wish.owner)
    .bind(&wish.name)
    .bind(Json(&wish.rule))
    .bind(wish.quiet.as_ref().map(Json))
    .bind(wish.repeat.as_str())
    .bind(&wish.recipients)
    .bind(wish.active)
    .bind(wish.since)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("alerts.update"))?;
    Ok(updated.rows_affected() == 1)
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: AlertId) -> Result<Option<Alert>> {
    sqlx::query_as(AssertSqlSafe(format!("SELECT {COLUMNS} FROM alerts WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("alerts.find"))
}

/// At most `limit` alerts, newest first, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<Uuid>) -> Result<Vec<Alert>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM alerts WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    )))
    .bind(tenant.org().0)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("alerts.list"))
}

/// Watches it no more until somebody resumes it; its owner stays. `false`: who asks may not.
///
/// # Errors
/// When the database fails.
pub async fn pause(tenant: &mut Tenant, id: AlertId) -> Result<bool> {
    let paused = sqlx::query(
        "UPDATE alerts SET active = false, version = version + 1, updated_at = now() WHERE id = $1",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("alerts.pause"))?;
    Ok(paused.rows_affected() == 1)
}

/// Forgets an alert and what it found. `false`: who asks may not.
///
/// # Errors
/// When the database fails.
pub async fn remove(tenant: &mut Tenant, id: AlertId) -> Result<bool> {
    let removed = sqlx::query("DELETE FROM alerts WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("alerts.remove"))?;
    Ok(removed.rows_affected() == 1)
}

/// Alerts of all tenants that have to be looked at at this moment.
///
/// # Errors
/// When the database fails.
pub async fn list_due(
    service: &mut PgConnection,
    now: DateTime<Utc>,
    limit: i32,
) -> Result<Vec<(OrgId, AlertId)>> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as("SELECT org_id, id FROM service.list_due_alerts($1, $2)")
        .bind(now)
        .bind(limit)
        .fetch_all(service)
        .await
        .map_err(Error::query("alerts.list_due"))?;
    Ok(rows.into_iter().map(|(org, id)| (OrgId(org), AlertId(id))).collect())
}

/// Takes an alert for the rest of this transaction; `None` when it has been looked at since, or somebody else has it.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tenant: &mut Tenant,
    id: AlertId,
    data_version: i64,
    today: NaiveDate,
) -> Result<Option<Alert>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM alerts
         WHERE id = $1 AND active AND (seen_version IS DISTINCT FROM $2 OR seen_on IS DISTINCT FROM $3)
         FOR UPDATE SKIP LOCKED"
    )))
    .bind(id.0)
    .bind(data_version)
    .bind(today)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("alerts.claim"))
}

/// It was looked at, with figures of this version and on this day.
///
/// # Errors
/// When the database fails.
pub async fn mark_seen(tenant: &mut Tenant, id: AlertId, data_version: i64, today: NaiveDate) -> Result<()> {
    sqlx::query("UPDATE alerts SET seen_version = $2, seen_on = $3 WHERE id = $1")
        .bind(id.0)
        .bind(data_version)
        .bind(today)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("alerts.mark_seen"))?;
    Ok(())
}

/// Stops an alert, and writes to its owner, or to the owners of the organisation when that one cannot sign in any more.
///
/// # Errors
/// When the database fails.
pub async fn stop(tenant: &mut Tenant, alert: &Alert, why: &Finding) -> Result<Vec<EmailRequested>> {
    let stopped = sqlx::query(
        "UPDATE alerts SET active = false, stopped = $2, version = version + 1, updated_at = now() WHERE id = $1 AND active",
    )
    .bind(alert.id)
    .bind(Json(why))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("alerts.stop"))?;
    if stopped.rows_affected() == 0 {
        return Ok(Vec::new());
    }
    let organization = organizations::find(tenant).await?.map(|found| found.name).unwrap_or_default();
    let mail = NoticeMail {
        organization,
        headline: format!("{} has stopped", alert.name),
        lines: vec![why.message.clone()],
        page: format!("alerts/{}", alert.id),
    };
    let mut written = Vec::new();
    for recipient in owners::told(tenant, alert.owner).await? {
        written.push(emails::write(tenant, EmailType::Anomaly, &recipient, &mail, None).await?);
    }
    Ok(written)
}

/// Who these users are, as far as the caller may know: everybody for who may send things to others, else oneself alone.
///
/// # Errors
/// When the database fails.
pub async fn addresses(tenant: &mut Tenant, users: &[Uuid]) -> Result<Vec<(Uuid, String)>> {
    sqlx::query_as("SELECT user_id, address FROM service.find_addresses($1)")
        .bind(users)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("alerts.addresses"))
}
