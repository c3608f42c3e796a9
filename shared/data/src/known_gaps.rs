//! Days that somebody knows a vendor will not report.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{KnownGapId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Error, Result, Tenant};

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
}

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
    sqlx::query_as(
        "INSERT INTO known_gaps (id, org_id, vendor, first_day, last_day, reason, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
         RETURNING id, vendor, first_day, last_day, reason, created_by, created_at",
    )
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
    sqlx::query_as(
        "SELECT id, vendor, first_day, last_day, reason, created_by, created_at FROM known_gaps
         WHERE org_id = $1 AND ($2::text IS NULL OR vendor = $2) AND ($3::uuid IS NULL OR id < $3)
         ORDER BY id DESC LIMIT $4",
    )
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
    sqlx::query_as(
        "SELECT id, vendor, first_day, last_day, reason, created_by, created_at FROM known_gaps
         WHERE org_id = $1 AND ($2::text IS NULL OR vendor = $2) ORDER BY first_day, id",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("known_gaps.all"))
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
