//! Runs of schedules: what became of each due time.

mod reports_of_run;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    EmailRequested, Finding, OrgId, ReportRunId, ReportScheduleId, metrics::Span, schedule::Trigger,
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, types::Json};
use uuid::Uuid;

pub use self::reports_of_run::{Begun, begin};
use crate::{Error, Result, Tenant, Word, report_schedules};

/// A due time, or somebody's wish to have it run now.
#[derive(Debug, Clone)]
pub struct NewRun {
    pub id: ReportRunId,
    pub schedule: ReportScheduleId,
    pub due_at: DateTime<Utc>,
    pub trigger: Trigger,
    /// What its reports are about.
    pub days: Span,
    /// The run whose reports it makes again.
    pub corrects: Option<ReportRunId>,
}

/// A row of `report_runs`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Run {
    pub id: Uuid,
    pub schedule_id: Uuid,
    pub due_at: DateTime<Utc>,
    #[sqlx(try_from = "String")]
    pub trigger: Word<Trigger>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub status: String,
    /// How many reports it has, and how many of them failed.
    pub reports: i32,
    pub failed: i32,
    #[sqlx(json)]
    pub left_out: Vec<LeftOut>,
    #[sqlx(json(nullable))]
    pub reason: Option<Finding>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub corrects: Option<Uuid>,
}

/// A recipient that gets nothing, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LeftOut {
    pub address: String,
    pub code: String,
    pub message: String,
}

const COLUMNS: &str = "id, schedule_id, due_at, trigger, first_day, last_day, status, reports, failed, left_out, reason, created_at, finished_at, \
                       corrects";

/// Keeps a run; `false` when this due time of the schedule has one.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, new: &NewRun) -> Result<bool> {
    insert_as(tenant, new, None).await
}

/// Keeps a due time that is not run, with the reason.
///
/// # Errors
/// When the database fails.
pub async fn insert_skipped(tenant: &mut Tenant, new: &NewRun, reason: &Finding) -> Result<bool> {
    insert_as(tenant, new, Some(("skipped", reason))).await
}

/// Keeps a due time that could not be run, with the reason.
///
/// # Errors
/// When the database fails.
pub async fn insert_failed(tenant: &mut Tenant, new: &NewRun, reason: &Finding) -> Result<bool> {
    insert_as(tenant, new, Some(("failed", reason))).await
}

async fn insert_as(tenant: &mut Tenant, new: &NewRun, end: Option<(&str, &Finding)>) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO report_runs (id, org_id, schedule_id, due_at, trigger, first_day, last_day, status, reason, finished_at,
             corrects)
         VALUES ($1, $2, $3, $4, $5, $6, $7, coalesce($8, 'queued'), $9, CASE WHEN $8 IS NOT NULL THEN now() END, $10)
         ON CONFLICT (schedule_id, due_at) DO NOTHING",
    )
    .bind(new.id.0)
    .bind(tenant.org().0)
    .bind(new.schedule.0)
    .bind(new.due_at)
    .bind(new.trigger.as_str())
    .bind(new.days.from)
    .bind(new.days.to)
    .bind(end.map(|(status, _)| status))
    .bind(end.map(|(_, reason)| Json(reason)))
    .bind(new.corrects.map(|run| run.0))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("report_runs.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: ReportRunId) -> Result<Option<Run>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM report_runs WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("report_runs.find"))
}

/// What the schedule of a run is called.
///
/// # Errors
/// When the database fails.
pub async fn schedule_name(tenant: &mut Tenant, id: ReportRunId) -> Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT s.name FROM report_schedules s JOIN report_runs r ON r.schedule_id = s.id WHERE r.id = $1",
    )
    .bind(id.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("report_runs.schedule_name"))
}

/// At most `limit` runs of a schedule, newest first, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    schedule: ReportScheduleId,
    limit: u32,
    after: Option<Uuid>,
) -> Result<Vec<Run>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM report_runs WHERE schedule_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(schedule.0)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("report_runs.list"))
}

/// Runs of all tenants that have no reports yet, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_queued(service: &mut PgConnection, limit: i32) -> Result<Vec<(OrgId, ReportRunId)>> {
    let rows: Vec<(Uuid, Uuid)> =
        sqlx::query_as("SELECT org_id, id FROM service.list_queued_report_runs($1)")
            .bind(limit)
            .fetch_all(service)
            .await
            .map_err(Error::query("report_runs.list_queued"))?;
    Ok(rows.into_iter().map(|(org, id)| (OrgId(org), ReportRunId(id))).collect())
}

/// Takes a run without reports for the rest of this transaction; `None` when it has them or somebody else makes them.
///
/// # Errors
/// When the database fails.
pub async fn claim(tenant: &mut Tenant, id: ReportRunId) -> Result<Option<Run>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM report_runs WHERE id = $1 AND status = 'queued' FOR UPDATE SKIP LOCKED"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("report_runs.claim"))
}

/// Ends a run whose reports have all ended, and stops its schedule when that was the fifth in a row to fail. Call it in the transaction
/// that ends a report.
///
/// # Errors
/// When the database fails.
pub async fn settle(tenant: &mut Tenant, id: ReportRunId) -> Result<Vec<EmailRequested>> {
    // Of reports that end at the same time, the second one waits here and then sees the first.
    let locked: Option<(Uuid, bool, bool)> = sqlx::query_as(
        "SELECT schedule_id, jsonb_array_length(left_out) > 0, trigger = 'correction' FROM report_runs WHERE id = $1 AND status = 'running' FOR UPDATE",
    )
    .bind(id.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("report_runs.settle"))?;
    let Some((schedule, has_left_out, is_correction)) = locked else { return Ok(Vec::new()) };
    let (all, open, failed, error): (i32, i32, i32, Option<Json<Finding>>) = sqlx::query_as(
        "SELECT count(*)::int, count(*) FILTER (WHERE status IN ('queued', 'running'))::int,
             count(*) FILTER (WHERE status = 'failed')::int, (array_agg(error ORDER BY id) FILTER (WHERE status = 'failed'))[1]
         FROM reports WHERE run_id = $1",
    )
    .bind(id.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("report_runs.settle"))?;
    if open > 0 {
        return Ok(Vec::new());
    }
    let status = match failed {
        0 if !has_left_out => "ready",
        _ if failed < all => "partly",
        _ => "failed",
    };
    sqlx::query(
        "UPDATE report_runs SET status = $2, failed = $3, reason = coalesce($4, reason), finished_at = now() WHERE id = $1",
    )
    .bind(id.0)
    .bind(status)
    .bind(failed)
    .bind(error)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("report_runs.settle"))?;
    if is_correction {
        // It says nothing about the next due time.
        return Ok(Vec::new());
    }
    let schedule = ReportScheduleId(schedule);
    let failures = report_schedules::count_failure(tenant, schedule, status == "failed").await?;
    if failures < report_schedules::FAILURES_MAX {
        return Ok(Vec::new());
    }
    report_schedules::stop(tenant, schedule, &failed_too_often()).await
}

fn failed_too_often() -> Finding {
    Finding {
        code: "failed_repeatedly".to_owned(),
        message: format!(
            "It failed {} times in a row. Its runs say why; resume it when the cause is gone.",
            report_schedules::FAILURES_MAX
        ),
    }
}
