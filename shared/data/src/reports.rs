//! Reports: who asked for what, under whose rights it is made, and how far it is.

mod review;

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Finding, OrgId, ReportFormat, ReportId, ReportKind, ReportLocale, ReportRunId, ReportScope, ReportStatus,
    RequestId, metrics::Span,
};
use sqlx::{FromRow, PgConnection, types::Json};
use uuid::Uuid;

pub(crate) use self::review::list_outdated_of_run;
pub use self::review::{
    Difference, Figures, Shown, count_outdated, differences, figures, list_to_review, mark_reviewed,
};
use crate::{Error, Result, Tenant, Word};

/// Tries of the job; the last one that fails ends the report.
pub const MAX_ATTEMPTS: i32 = 3;

/// Reports that one subject can have under way at once, schedules not counted.
pub const OPEN_MAX: i64 = 10;

/// What somebody asks for, or what is due.
#[derive(Debug, Clone)]
pub struct NewReport<'a> {
    pub id: ReportId,
    pub requested_by: Uuid,
    /// The user or key whose rights choose the rows.
    pub on_behalf_of: Uuid,
    pub kind: ReportKind,
    pub format: ReportFormat,
    pub locale: ReportLocale,
    pub days: Span,
    pub scope: &'a ReportScope,
    /// Addresses that it is mailed to.
    pub recipients: &'a [String],
    pub run: Option<ReportRunId>,
    /// The delivered report whose figures have changed since.
    pub corrected_of: Option<ReportId>,
    pub request_id: Option<&'a RequestId>,
}

/// A row of `reports`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Report {
    pub id: Uuid,
    pub requested_by: Uuid,
    pub on_behalf_of: Uuid,
    #[sqlx(try_from = "String")]
    pub kind: Word<ReportKind>,
    #[sqlx(try_from = "String")]
    pub format: Word<ReportFormat>,
    #[sqlx(try_from = "String")]
    pub locale: Word<ReportLocale>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    #[sqlx(json)]
    pub scope: ReportScope,
    pub recipients: Vec<String>,
    pub run_id: Option<Uuid>,
    pub corrected_of: Option<Uuid>,
    #[sqlx(try_from = "String")]
    pub status: Word<ReportStatus>,
    pub attempts: i32,
    /// In percent.
    pub progress: i16,
    pub size_bytes: Option<i64>,
    /// What the subject might see when the file was made.
    pub sight: Option<String>,
    /// What it showed.
    #[sqlx(json(nullable))]
    pub figures: Option<Figures>,
    /// How many changes the figures had had by then.
    pub data_version: Option<i64>,
    /// What it showed that is something else now, as far as it was looked at since.
    #[sqlx(json(nullable))]
    pub differences: Option<Vec<Difference>>,
    #[sqlx(json(nullable))]
    pub error: Option<Finding>,
    pub request_id: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// A file that lies in the bucket, and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    pub size_bytes: i64,
    /// What its subject might see when it was made.
    pub sight: String,
    pub figures: Figures,
    pub data_version: i64,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// It is the caller's to make now.
    Granted(Box<Report>),
    /// The last try was used up, by workers that died: the caller ends it.
    Exhausted(Box<Report>),
    /// It has ended already, or nobody asked for it.
    Ended,
}

/// An address that somebody signs in with.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Login {
    pub address: String,
    pub user_id: Uuid,
    pub is_disabled: bool,
}

const COLUMNS: &str = "id, requested_by, on_behalf_of, kind, format, locale, first_day, last_day, scope, recipients, run_id, \
                       corrected_of, status, attempts, progress, size_bytes, sight, figures, data_version, differences, error, request_id, \
                       created_at, finished_at, expires_at";

impl Report {
    /// The days it is about.
    #[must_use]
    pub fn days(&self) -> Span {
        Span { from: self.first_day, to: self.last_day }
    }

    /// What its file is called, without tenant or id: `sales-summary-2026-10-01-2026-10-31.pdf`.
    #[must_use]
    pub fn file_name(&self) -> String {
        let stem = self.kind.0.as_str().replace('_', "-");
        format!("{stem}-{}-{}.{}", self.first_day, self.last_day, self.format.0.as_str())
    }
}

/// Keeps what somebody asks for; `false` when this one has too many reports under way, or when its run has made it before.
///
/// # Errors
/// When the database fails, or refuses what is under the rights of somebody else.
pub async fn insert(tenant: &mut Tenant, new: &NewReport<'_>) -> Result<bool> {
    // Naming the index makes Postgres ask who may see the row: of runs, which jobs make, nobody is kept from it.
    let once = new.run.map_or("", |_| "ON CONFLICT (run_id, on_behalf_of, md5(scope::text)) DO NOTHING");
    let statement = format!(
        "INSERT INTO reports (id, org_id, requested_by, on_behalf_of, kind, format, locale, first_day, last_day, scope, recipients,
             run_id, corrected_of, request_id)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
         WHERE $12 IS NOT NULL OR $13 IS NOT NULL OR $4 <> $3 OR (
             SELECT count(*) FROM reports
             WHERE requested_by = $3 AND run_id IS NULL AND status IN ('queued', 'running')) < $15
         {once}"
    );
    let inserted = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(new.id.0)
        .bind(tenant.org().0)
        .bind(new.requested_by)
        .bind(new.on_behalf_of)
        .bind(new.kind.as_str())
        .bind(new.format.as_str())
        .bind(new.locale.as_str())
        .bind(new.days.from)
        .bind(new.days.to)
        .bind(Json(new.scope))
        .bind(new.recipients)
        .bind(new.run.map(|run| run.0))
        .bind(new.corrected_of.map(|report| report.0))
        .bind(new.request_id.map(RequestId::as_str))
        .bind(OPEN_MAX)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("reports.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: ReportId) -> Result<Option<Report>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM reports WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("reports.find"))
}

/// At most `limit` reports made for whoever asks, newest first, beginning after `after`; or only those that showed something else than
/// the books say now.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    only_outdated: bool,
    limit: u32,
    after: Option<Uuid>,
) -> Result<Vec<Report>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM reports
         WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) AND (NOT $4 OR jsonb_array_length(differences) > 0)
         ORDER BY id DESC LIMIT $3"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(tenant.org().0)
        .bind(after)
        .bind(i64::from(limit))
        .bind(only_outdated)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("reports.list"))
}

/// Those of some addresses that are logins here; none for who may not send reports.
///
/// # Errors
/// When the database fails.
pub async fn find_recipients(tenant: &mut Tenant, addresses: &[String]) -> Result<Vec<Login>> {
    sqlx::query_as("SELECT address, user_id, is_disabled FROM service.find_recipients($1)")
        .bind(addresses)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("reports.find_recipients"))
}

/// Reserves a report for this transaction; `false` when another worker holds it. Postgres releases it the moment the worker is
/// gone, however it went.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, id: ReportId) -> Result<bool> {
    sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtextextended('report' || $1::text, 0))")
        .bind(id.0)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("reports.lock"))
}

/// Marks a report as made by the caller.
///
/// # Errors
/// When the database fails.
pub async fn claim(tenant: &mut Tenant, id: ReportId) -> Result<Claim> {
    let statement = format!(
        "UPDATE reports SET status = 'running', attempts = attempts + 1, progress = 0, touched_at = now()
         WHERE id = $1 AND status IN ('queued', 'running') RETURNING {COLUMNS}"
    );
    let claimed: Option<Report> = sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("reports.claim"))?;
    Ok(match claimed {
        None => Claim::Ended,
        Some(report) if report.attempts > MAX_ATTEMPTS => Claim::Exhausted(Box::new(report)),
        Some(report) => Claim::Granted(Box::new(report)),
    })
}

/// Says how far a report is that is not ready; an end that has come stays.
///
/// # Errors
/// When the database fails.
pub async fn tell(tenant: &mut Tenant, id: ReportId, percent: i16) -> Result<()> {
    sqlx::query(
        "UPDATE reports SET progress = $2, touched_at = now() WHERE id = $1 AND status IN ('queued', 'running')",
    )
    .bind(id.0)
    .bind(percent)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("reports.tell"))?;
    Ok(())
}

/// Ends a running report with its file, which is kept for so long; `false` when it has ended otherwise.
///
/// # Errors
/// When the database fails.
pub async fn mark_ready(tenant: &mut Tenant, id: ReportId, made: &Made, kept_for: Duration) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE reports SET status = 'ready', progress = 100, size_bytes = $2, sight = $3, figures = $4, data_version = $5,
             finished_at = now(), expires_at = now() + make_interval(secs => $6)
         WHERE id = $1 AND status = 'running'",
    )
    .bind(id.0)
    .bind(made.size_bytes)
    .bind(&made.sight)
    .bind(Json(&made.figures))
    .bind(made.data_version)
    .bind(kept_for.as_secs_f64())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("reports.mark_ready"))?;
    Ok(updated.rows_affected() == 1)
}

/// Ends a report without a file; `false` when it has ended before.
///
/// # Errors
/// When the database fails.
pub async fn mark_failed(tenant: &mut Tenant, id: ReportId, error: &Finding) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE reports SET status = 'failed', error = $2, finished_at = now() WHERE id = $1 AND status IN ('queued', 'running')",
    )
    .bind(id.0)
    .bind(Json(error))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("reports.mark_failed"))?;
    Ok(updated.rows_affected() == 1)
}

/// What a report ends with whose tries are used up.
#[must_use]
pub fn given_up() -> Finding {
    Finding {
        code: "internal_error".to_owned(),
        message: "This report could not be made, several times. Please ask for it again later.".to_owned(),
    }
}

/// Says that the file of a report is gone.
///
/// # Errors
/// When the database fails.
pub async fn mark_expired(tenant: &mut Tenant, id: ReportId) -> Result<()> {
    sqlx::query(
        "UPDATE reports SET status = 'expired' WHERE id = $1 AND status = 'ready' AND expires_at < now()",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("reports.mark_expired"))?;
    Ok(())
}

/// Reports of all tenants that nobody has worked on since `quiet_since` although they wait, and those whose file has to go.
///
/// # Errors
/// When the database fails.
pub async fn list_due(
    service: &mut PgConnection,
    quiet_since: DateTime<Utc>,
    limit: i32,
) -> Result<Vec<(OrgId, ReportId)>> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as("SELECT org_id, id FROM service.list_due_reports($1, $2)")
        .bind(quiet_since)
        .bind(limit)
        .fetch_all(service)
        .await
        .map_err(Error::query("reports.list_due"))?;
    Ok(rows.into_iter().map(|(org, id)| (OrgId(org), ReportId(id))).collect())
}

/// Where the file of a report lies: ids only, and the same whoever makes it and however often.
#[must_use]
pub fn object_key(org: OrgId, id: ReportId, format: ReportFormat) -> String {
    format!("reports/{org}/{id}.{}", format.as_str())
}
