//! Schedules of reports: what is wanted again and again, under whose rights, and until when.

use chrono::{DateTime, Utc};
use domain::{
    EmailRequested, EmailType, Finding, OrgId, ReportFormat, ReportKind, ReportLocale, ReportRecipient,
    ReportRunId, ReportScheduleId, ReportScope, ScheduleMail,
    schedule::{Cadence, CadenceSpec, CatchUp, InvalidCadence, RelativePeriod, Trigger},
};
use sqlx::{FromRow, PgConnection, types::Json};
use uuid::Uuid;

use crate::{Error, Result, Tenant, Word, emails, organizations, owners, report_runs::NewRun};

/// Schedules that an organisation can have.
pub const SCHEDULES_MAX: i64 = 500;

/// Runs in a row that may fail; with the last of them the schedule stops.
pub const FAILURES_MAX: i32 = 5;

/// What somebody wants again and again.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Whoever makes or changes it: it runs under the rights of this one.
    pub owner: Uuid,
    pub name: String,
    pub kind: ReportKind,
    pub format: ReportFormat,
    pub locale: ReportLocale,
    pub scope: ReportScope,
    pub cadence: CadenceSpec,
    pub period: RelativePeriod,
    pub recipients: Vec<ReportRecipient>,
    pub catch_up: CatchUp,
    pub active: bool,
    pub next_run_at: Option<DateTime<Utc>>,
}

/// A row of `report_schedules`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Schedule {
    pub id: Uuid,
    pub owner: Uuid,
    pub name: String,
    #[sqlx(try_from = "String")]
    pub kind: Word<ReportKind>,
    #[sqlx(try_from = "String")]
    pub format: Word<ReportFormat>,
    #[sqlx(try_from = "String")]
    pub locale: Word<ReportLocale>,
    #[sqlx(json)]
    pub scope: ReportScope,
    #[sqlx(json)]
    pub cadence: CadenceSpec,
    #[sqlx(try_from = "String")]
    pub period: Word<RelativePeriod>,
    #[sqlx(json)]
    pub recipients: Vec<ReportRecipient>,
    #[sqlx(try_from = "String")]
    pub catch_up: Word<CatchUp>,
    pub active: bool,
    pub next_run_at: Option<DateTime<Utc>>,
    /// Runs in a row that failed.
    pub failures: i32,
    /// Why it runs no more, where nobody has paused it.
    #[sqlx(json(nullable))]
    pub stopped: Option<Finding>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, owner, name, kind, format, locale, scope, cadence, period, recipients, catch_up, active, next_run_at, \
                       failures, stopped, version, created_at, updated_at";

impl Schedule {
    /// A run of it: what its reports are about follows from the day that a due time falls on in its own time zone.
    ///
    /// # Errors
    /// When its time zone is no longer one.
    pub fn run(
        &self,
        due_at: DateTime<Utc>,
        trigger: Trigger,
        fiscal_begins: u32,
    ) -> std::result::Result<NewRun, InvalidCadence> {
        let zone = Cadence::try_from(&self.cadence)?.zone();
        let days = self.period.0.on(due_at.with_timezone(&zone).date_naive(), fiscal_begins);
        let id = ReportRunId::new();
        Ok(NewRun { id, schedule: ReportScheduleId(self.id), due_at, trigger, days, corrects: None })
    }

    /// The permissions without which its owner cannot have it run.
    #[must_use]
    pub fn needs(&self) -> Vec<&'static str> {
        let mut needs = vec!["reports:write"];
        needs.extend(self.kind.0.needs(&self.scope));
        needs
    }
}

/// Keeps a wish; `false` when the organisation has too many.
///
/// # Errors
/// When the database fails, or refuses what is under the rights of somebody else.
pub async fn insert(tenant: &mut Tenant, id: ReportScheduleId, wish: &Wish) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO report_schedules (id, org_id, owner, name, kind, format, locale, scope, cadence, period, recipients, catch_up,
             active, next_run_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
         WHERE (SELECT count(*) FROM report_schedules) < $15",
    )
    .bind(id.0)
    .bind(tenant.org().0)
    .bind(wish.owner)
    .bind(&wish.name)
    .bind(wish.kind.as_str())
    .bind(wish.format.as_str())
    .bind(wish.locale.as_str())
    .bind(Json(&wish.scope))
    .bind(Json(&wish.cadence))
    .bind(wish.period.to_string())
    .bind(Json(&wish.recipients))
    .bind(wish.catch_up.as_str())
    .bind(wish.active)
    .bind(wish.next_run_at)
    .bind(SCHEDULES_MAX)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("report_schedules.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// Changes the wish that was seen in this version, and forgets its failures; `false` when it has changed since.
///
/// # Errors
/// As [`insert`].
pub async fn update(tenant: &mut Tenant, id: ReportScheduleId, version: i32, wish: &Wish) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE report_schedules SET owner = $3, name = $4, kind = $5, format = $6, locale = $7, scope = $8, cadence = $9,
             period = $10, recipients = $11, catch_up = $12, active = $13, next_run_at = $14, failures = 0, stopped = NULL,
             version = version + 1, updated_at = now()
         WHERE id = $1 AND version = $2",
    )
    .bind(id.0)
    .bind(version)
    .bind(wish.owner)
    .bind(&wish.name)
    .bind(wish.kind.as_str())
    .bind(wish.format.as_str())
    .bind(wish.locale.as_str())
    .bind(Json(&wish.scope))
    .bind(Json(&wish.cadence))
    .bind(wish.period.to_string())
    .bind(Json(&wish.recipients))
    .bind(wish.catch_up.as_str())
    .bind(wish.active)
    .bind(wish.next_run_at)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("report_schedules.update"))?;
    Ok(updated.rows_affected() == 1)
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: ReportScheduleId) -> Result<Option<Schedule>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM report_schedules WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("report_schedules.find"))
}

/// At most `limit` schedules, newest first, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<Uuid>) -> Result<Vec<Schedule>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM report_schedules WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(tenant.org().0)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("report_schedules.list"))
}

/// Runs it no more until somebody resumes it; its owner stays.
///
/// # Errors
/// When the database fails.
pub async fn pause(tenant: &mut Tenant, id: ReportScheduleId) -> Result<()> {
    sqlx::query(
        "UPDATE report_schedules SET active = false, version = version + 1, updated_at = now() WHERE id = $1 AND active",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("report_schedules.pause"))?;
    Ok(())
}

/// Forgets a schedule and its runs; the reports it made stay.
///
/// # Errors
/// When the database fails.
pub async fn remove(tenant: &mut Tenant, id: ReportScheduleId) -> Result<bool> {
    let removed = sqlx::query("DELETE FROM report_schedules WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("report_schedules.remove"))?;
    Ok(removed.rows_affected() == 1)
}

/// Schedules of all tenants that are due by then, the longest due first.
///
/// # Errors
/// When the database fails.
pub async fn list_due(
    service: &mut PgConnection,
    by_then: DateTime<Utc>,
    limit: i32,
) -> Result<Vec<(OrgId, ReportScheduleId)>> {
    let rows: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT org_id, id FROM service.list_due_report_schedules($1, $2)")
            .bind(by_then)
            .bind(limit)
            .fetch_all(service)
            .await
            .map_err(Error::query("report_schedules.list_due"))?;
    Ok(rows.into_iter().map(|(org, id)| (OrgId(org), ReportScheduleId(id))).collect())
}

/// Takes a schedule that is due for the rest of this transaction; `None` when it is not due any more or somebody else has it.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tenant: &mut Tenant,
    id: ReportScheduleId,
    by_then: DateTime<Utc>,
) -> Result<Option<Schedule>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM report_schedules WHERE id = $1 AND active AND next_run_at <= $2 FOR UPDATE SKIP LOCKED"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(id.0)
        .bind(by_then)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("report_schedules.claim"))
}

/// Says when it is due next.
///
/// # Errors
/// When the database fails.
pub async fn advance(tenant: &mut Tenant, id: ReportScheduleId, next: Option<DateTime<Utc>>) -> Result<()> {
    sqlx::query("UPDATE report_schedules SET next_run_at = $2 WHERE id = $1")
        .bind(id.0)
        .bind(next)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("report_schedules.advance"))?;
    Ok(())
}

/// Counts a run that failed, or forgets those before one that did not; how many there are in a row now.
///
/// # Errors
/// When the database fails.
pub(crate) async fn count_failure(
    tenant: &mut Tenant,
    id: ReportScheduleId,
    has_failed: bool,
) -> Result<i32> {
    let failures: Option<i32> = sqlx::query_scalar(
        "UPDATE report_schedules SET failures = CASE WHEN $2 THEN failures + 1 ELSE 0 END WHERE id = $1 RETURNING failures",
    )
    .bind(id.0)
    .bind(has_failed)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("report_schedules.count_failure"))?;
    Ok(failures.unwrap_or(0))
}

/// Stops a schedule that runs, and writes to its owner, or to the owners of the organisation when that one cannot sign in any more.
///
/// # Errors
/// When the database fails.
pub async fn stop(tenant: &mut Tenant, id: ReportScheduleId, why: &Finding) -> Result<Vec<EmailRequested>> {
    let stopped: Option<(String, Uuid)> = sqlx::query_as(
        "UPDATE report_schedules SET active = false, stopped = $2, version = version + 1, updated_at = now()
         WHERE id = $1 AND active RETURNING name, owner",
    )
    .bind(id.0)
    .bind(Json(why))
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("report_schedules.stop"))?;
    let Some((name, owner)) = stopped else { return Ok(Vec::new()) };
    let organization = organizations::find(tenant).await?.map(|found| found.name).unwrap_or_default();
    let mail = ScheduleMail { schedule_id: id, schedule: name, organization, reason: why.message.clone() };
    let mut written = Vec::new();
    for recipient in owners::told(tenant, owner).await? {
        written.push(emails::write(tenant, EmailType::ScheduleStopped, &recipient, &mail, None).await?);
    }
    Ok(written)
}
