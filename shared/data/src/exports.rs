//! Files made of lists and analyses: who asked for what, how far they are, and the rows that go into them.

mod copied;
mod groups;
mod lists;
mod reference;
mod rows;
mod selection;

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{ExportFormat, ExportId, ExportStatus, Finding, NumberStyle, OrgId, RequestId};
use serde_json::Value;
use sqlx::{FromRow, PgConnection, types::Json};
use uuid::Uuid;

pub use self::{
    rows::{Rows, count, open},
    selection::{Selection, Sight, sight},
};
use crate::{Error, Result, Tenant, Word};

/// Tries of the job; the last one that fails ends the export.
pub const MAX_ATTEMPTS: i32 = 3;

/// Exports that one subject can have under way at once.
pub const OPEN_MAX: i64 = 10;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct NewExport<'a> {
    pub id: ExportId,
    /// The user or key that asks: whose transaction it is.
    pub requested_by: Uuid,
    /// As it was asked.
    pub source: &'a str,
    pub query: &'a Value,
    /// How that was understood.
    pub selection: &'a Selection,
    pub format: ExportFormat,
    pub number_style: NumberStyle,
    pub request_id: &'a RequestId,
}

/// A row of `exports`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Export {
    pub id: Uuid,
    pub requested_by: Uuid,
    pub source: String,
    pub query: Value,
    #[sqlx(json)]
    pub selection: Selection,
    #[sqlx(try_from = "String")]
    pub format: Word<ExportFormat>,
    #[sqlx(try_from = "String")]
    pub number_style: Word<NumberStyle>,
    #[sqlx(try_from = "String")]
    pub status: Word<ExportStatus>,
    pub attempts: i32,
    pub rows_done: i64,
    pub rows_total: Option<i64>,
    pub size_bytes: Option<i64>,
    /// What the subject might see when the file was made.
    pub sight: Option<String>,
    #[sqlx(json(nullable))]
    pub error: Option<Finding>,
    pub request_id: Option<String>,
    pub created_at: DateTime<Utc>,
    pub finished_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// It is the caller's to make now.
    Granted(Box<Export>),
    /// The last try was used up, by workers that died: the caller ends it.
    Exhausted(Box<Export>),
    /// It has ended already, or nobody asked for it.
    Ended,
}

const COLUMNS: &str = "id, requested_by, source, query, selection, format, number_style, status, attempts, rows_done, rows_total, \
                       size_bytes, sight, error, request_id, created_at, finished_at, expires_at";

/// Keeps what somebody asks for; `false` when this one has too many exports under way.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, new: &NewExport<'_>) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO exports (id, org_id, requested_by, source, query, selection, format, number_style, request_id)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
         WHERE (SELECT count(*) FROM exports WHERE requested_by = $3 AND status IN ('queued', 'running')) < $10",
    )
    .bind(new.id.0)
    .bind(tenant.org().0)
    .bind(new.requested_by)
    .bind(new.source)
    .bind(new.query)
    .bind(Json(new.selection))
    .bind(new.format.as_str())
    .bind(new.number_style.as_str())
    .bind(new.request_id.as_str())
    .bind(OPEN_MAX)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("exports.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: ExportId) -> Result<Option<Export>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM exports WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("exports.find"))
}

/// At most `limit` exports of whoever asks, newest first, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<Uuid>) -> Result<Vec<Export>> {
    let statement = format!(
        "SELECT {COLUMNS} FROM exports WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(tenant.org().0)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("exports.list"))
}

/// Reserves an export for this transaction; `false` when another worker holds it. Postgres releases it the moment the worker is
/// gone, however it went.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, id: ExportId) -> Result<bool> {
    sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtextextended('export' || $1::text, 0))")
        .bind(id.0)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("exports.lock"))
}

/// Marks an export as made by the caller.
///
/// # Errors
/// When the database fails.
pub async fn claim(tenant: &mut Tenant, id: ExportId) -> Result<Claim> {
    let statement = format!(
        "UPDATE exports SET status = 'running', attempts = attempts + 1, rows_done = 0, touched_at = now()
         WHERE id = $1 AND status IN ('queued', 'running') RETURNING {COLUMNS}"
    );
    let claimed: Option<Export> = sqlx::query_as(sqlx::AssertSqlSafe(statement))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("exports.claim"))?;
    Ok(match claimed {
        None => Claim::Ended,
        Some(export) if export.attempts > MAX_ATTEMPTS => Claim::Exhausted(Box::new(export)),
        Some(export) => Claim::Granted(Box::new(export)),
    })
}

/// Says how far a running export is; an end that has come stays.
///
/// # Errors
/// When the database fails.
pub async fn progress(tenant: &mut Tenant, id: ExportId, done: i64, total: Option<i64>) -> Result<()> {
    sqlx::query(
        "UPDATE exports SET rows_done = $2, rows_total = coalesce($3, rows_total), touched_at = now()
         WHERE id = $1 AND status IN ('queued', 'running')",
    )
    .bind(id.0)
    .bind(done)
    .bind(total)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("exports.progress"))?;
    Ok(())
}

/// Ends a running export with its file, which is kept for so long; `false` when it has ended otherwise.
///
/// # Errors
/// When the database fails.
pub async fn mark_ready(
    tenant: &mut Tenant,
    id: ExportId,
    (rows, size_bytes): (i64, i64),
    sight: &str,
    kept_for: Duration,
) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE exports SET status = 'ready', rows_done = $2, rows_total = $2, size_bytes = $3, sight = $4, finished_at = now(),
             expires_at = now() + make_interval(secs => $5)
         WHERE id = $1 AND status = 'running'",
    )
    .bind(id.0)
    .bind(rows)
    .bind(size_bytes)
    .bind(sight)
    .bind(kept_for.as_secs_f64())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("exports.mark_ready"))?;
    Ok(updated.rows_affected() == 1)
}

/// Ends an export without a file; `false` when it has ended before.
///
/// # Errors
/// When the database fails.
pub async fn mark_failed(tenant: &mut Tenant, id: ExportId, error: &Finding) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE exports SET status = 'failed', error = $2, finished_at = now() WHERE id = $1 AND status IN ('queued', 'running')",
    )
    .bind(id.0)
    .bind(Json(error))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("exports.mark_failed"))?;
    Ok(updated.rows_affected() == 1)
}

/// What an export ends with whose tries are used up.
#[must_use]
pub fn given_up() -> Finding {
    Finding {
        code: "internal_error".to_owned(),
        message: "This file could not be made, several times. Please ask for it again later.".to_owned(),
    }
}

/// Says that the file of an export is gone.
///
/// # Errors
/// When the database fails.
pub async fn mark_expired(tenant: &mut Tenant, id: ExportId) -> Result<()> {
    sqlx::query(
        "UPDATE exports SET status = 'expired' WHERE id = $1 AND status = 'ready' AND expires_at < now()",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("exports.mark_expired"))?;
    Ok(())
}

/// Exports of all tenants that nobody has worked on since `quiet_since` although they wait, and those whose file has to go.
///
/// # Errors
/// When the database fails.
pub async fn list_due(
    service: &mut PgConnection,
    quiet_since: DateTime<Utc>,
    limit: i32,
) -> Result<Vec<(OrgId, ExportId)>> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as("SELECT org_id, id FROM service.list_due_exports($1, $2)")
        .bind(quiet_since)
        .bind(limit)
        .fetch_all(service)
        .await
        .map_err(Error::query("exports.list_due"))?;
    Ok(rows.into_iter().map(|(org, id)| (OrgId(org), ExportId(id))).collect())
}

/// Where the file of an export lies: ids only, and the same whoever makes it and however often.
#[must_use]
pub fn object_key(org: OrgId, id: ExportId) -> String {
    format!("exports/{org}/{id}")
}
