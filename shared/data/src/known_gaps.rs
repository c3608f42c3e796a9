//! Days that somebody knows a vendor will not report.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{KnownGapId, UserId};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{Error, Result, Tenant, catalogue::ImportCounts};

/// A row of `known_gaps`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct KnownGap {
    pub id: Uuid,
    pub vendor: String,
    pub first_day: NaiveDate,
    /// Inclusive; `None` is until further notice.
    pub last_day: Option<NaiveDate>,
    pub reason: String,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

const COLUMNS: &str = "id, vendor, first_day, last_day, reason, created_by, created_at, version";

/// A gap as somebody states it.
#[derive(Debug, Clone)]
pub struct NewKnownGap<'a> {
    pub vendor: &'a str,
    pub first_day: NaiveDate,
    pub last_day: Option<NaiveDate>,
    pub reason: &'a str,
    pub created_by: UserId,
}

/// Writes a gap; `None` when these very days are known already.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, new: &NewKnownGap<'_>) -> Result<Option<KnownGap>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "INSERT INTO known_gaps (id, org_id, vendor, first_day, last_day, reason, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING {COLUMNS}"
    )))
    .bind(KnownGapId::new().0)
    .bind(tenant.org().0)
    .bind(new.vendor)
    .bind(new.first_day)
    .bind(new.last_day)
    .bind(new.reason)
    .bind(new.created_by.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("known_gaps.insert"))
}

/// At most `limit` gaps, of one vendor or of all, newest first, beginning after the gap `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    vendor: Option<&str>,
    limit: u32,
    after: Option<KnownGapId>,
) -> Result<Vec<KnownGap>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM known_gaps
         WHERE org_id = $1 AND ($2::text IS NULL OR vendor = $2) AND ($3::uuid IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $4"
    )))
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(after.map(|id| id.0))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("known_gaps.list"))
}

/// Every gap, of one vendor or of all, in order of time.
pub(crate) async fn all(tenant: &mut Tenant, vendor: Option<&str>) -> Result<Vec<KnownGap>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM known_gaps
         WHERE org_id = $1 AND ($2::text IS NULL OR vendor = $2) ORDER BY first_day, id"
    )))
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("known_gaps.all"))
}

/// The gap with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: KnownGapId) -> Result<Option<KnownGap>> {
    sqlx::query_as(AssertSqlSafe(format!("SELECT {COLUMNS} FROM known_gaps WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("known_gaps.find"))
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// Another gap of the vendor has these very days.
    Exists,
    /// Somebody changed it meanwhile.
    Stale,
}

/// Changes the days and the reason of a gap, if it still is the version that was seen.
///
/// # Errors
/// When the database fails.
pub async fn update(tenant: &mut Tenant, gap: &KnownGap) -> Result<Changed> {
    let same: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM known_gaps WHERE vendor = $1 AND first_day = $2 AND last_day IS NOT DISTINCT FROM $3 AND id <> $4)",
    )
    .bind(&gap.vendor)
    .bind(gap.first_day)
    .bind(gap.last_day)
    .bind(gap.id)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("known_gaps.same"))?;
    if same {
        return Ok(Changed::Exists);
    }
    let updated = sqlx::query(
        "UPDATE known_gaps SET first_day = $2, last_day = $3, reason = $4, version = version + 1 WHERE id = $1 AND version = $5",
    )
    .bind(gap.id)
    .bind(gap.first_day)
    .bind(gap.last_day)
    .bind(&gap.reason)
    .bind(gap.version)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("known_gaps.update"))?;
    Ok(if updated.rows_affected() == 1 { Changed::Done } else { Changed::Stale })
}

/// Takes stated gaps, each vendor and days once: new ones are written, and of known ones the reason.
///
/// # Errors
/// When the database fails.
pub async fn import(tenant: &mut Tenant, gaps: &[NewKnownGap<'_>]) -> Result<ImportCounts> {
    let written: Vec<bool> = sqlx::query_scalar(
        "INSERT INTO known_gaps (id, org_id, vendor, first_day, last_day, reason, created_by)
         SELECT g.id, $1, g.vendor, g.first_day, g.last_day, g.reason, $7
         FROM unnest($2::uuid[], $3::text[], $4::date[], $5::date[], $6::text[]) AS g (id, vendor, first_day, last_day, reason)
         ON CONFLICT (org_id, vendor, first_day, last_day) DO UPDATE
         SET reason = EXCLUDED.reason, version = known_gaps.version + 1
         WHERE known_gaps.reason <> EXCLUDED.reason
         RETURNING old.id IS NULL",
    )
    .bind(tenant.org().0)
    .bind(gaps.iter().map(|_| KnownGapId::new().0).collect::<Vec<_>>())
    .bind(gaps.iter().map(|gap| gap.vendor).collect::<Vec<_>>())
    .bind(gaps.iter().map(|gap| gap.first_day).collect::<Vec<_>>())
    .bind(gaps.iter().map(|gap| gap.last_day).collect::<Vec<_>>())
    .bind(gaps.iter().map(|gap| gap.reason).collect::<Vec<_>>())
    .bind(gaps.first().map(|gap| gap.created_by.0))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("known_gaps.import"))?;
    Ok(ImportCounts::of(gaps.len(), &written))
}

/// Forgets a gap: its days are missing again. `false` when there is none with this id.
///
/// # Errors
/// When the database fails.
pub async fn delete(tenant: &mut Tenant, id: KnownGapId) -> Result<bool> {
    let deleted = sqlx::query("DELETE FROM known_gaps WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("known_gaps.delete"))?;
    Ok(deleted.rows_affected() == 1)
}
