//! Who works on an upload, and since when.

use chrono::{DateTime, Utc};
use domain::{Finding, OrgId, UploadId};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{MAX_ATTEMPTS, Upload};
use crate::{Error, Result, Tenant};

/// What became of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// It is the caller's to read now.
    Granted(Box<Upload>),
    /// The last try was used up, by workers that died: the caller ends it.
    Exhausted(Box<Upload>),
    /// It has ended already.
    Ended(Box<Upload>),
    /// Nobody announced it.
    Unknown,
}

/// Reserves an upload for this transaction; `false` when another worker holds it.
///
/// Postgres releases it the moment the worker is gone, however it went: this, not the lease, is what keeps two workers from booking the same upload.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, id: UploadId) -> Result<bool> {
    sqlx::query_scalar("SELECT pg_try_advisory_xact_lock(hashtextextended('upload' || $1::text, 0))")
        .bind(id.0)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("uploads.lock"))
}

/// Marks an upload as processed by the caller, who must hold its [`lock`] in another transaction.
///
/// # Errors
/// When the database fails.
pub async fn claim(tenant: &mut Tenant, id: UploadId, lease_until: DateTime<Utc>) -> Result<Claim> {
    let claimed: Option<Json<Upload>> = sqlx::query_scalar(
        "UPDATE uploads u SET status = 'processing', attempts = attempts + 1, lease_until = $2,
             started_at = coalesce(started_at, now())
         WHERE id = $1 AND status IN ('pending', 'processing')
         RETURNING to_jsonb(u)",
    )
    .bind(id.0)
    .bind(lease_until)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("uploads.claim"))?;
    if let Some(Json(upload)) = claimed {
        let upload = Box::new(upload);
        return Ok(if upload.attempts > MAX_ATTEMPTS {
            Claim::Exhausted(upload)
        } else {
            Claim::Granted(upload)
        });
    }
    Ok(super::find(tenant, id).await?.map_or(Claim::Unknown, |upload| Claim::Ended(Box::new(upload))))
}

/// Records that somebody takes care of an unfinished upload now, so that the next sweep leaves it alone for a while.
///
/// # Errors
/// When the database fails.
pub async fn touch(tenant: &mut Tenant, id: UploadId) -> Result<()> {
    sqlx::query(
        "UPDATE uploads SET lease_until = now() WHERE id = $1 AND status IN ('pending', 'processing')",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.touch"))?;
    Ok(())
}

/// Ends an announced upload whose bytes never came; one whose bytes came and were booked before stays booked. `false` when something happened to it meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn expire(tenant: &mut Tenant, id: UploadId, error: &Finding) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE uploads u SET status = CASE WHEN booked THEN 'completed' ELSE 'expired' END,
             error = CASE WHEN NOT booked THEN $2::jsonb END, finished_at = now()
         FROM (SELECT EXISTS (SELECT FROM reporting_periods WHERE upload_id = $1)) AS s (booked)
         WHERE u.id = $1 AND u.status = 'pending'",
    )
    .bind(id.0)
    .bind(Json(error))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.expire"))?;
    Ok(updated.rows_affected() == 1)
}

/// Unfinished uploads of all tenants on which nothing has happened since `quiet_since`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_stuck(
    service: &mut PgConnection,
    quiet_since: DateTime<Utc>,
    limit: i32,
) -> Result<Vec<(OrgId, UploadId)>> {
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as("SELECT org_id, id FROM service.list_stuck_uploads($1, $2)")
        .bind(quiet_since)
        .bind(limit)
        .fetch_all(service)
        .await
        .map_err(Error::query("uploads.list_stuck"))?;
    Ok(rows.into_iter().map(|(org, id)| (OrgId(org), UploadId(id))).collect())
}

/// The organisation whose drop folder has this name.
///
/// # Errors
/// When the database fails.
pub async fn find_drop_org(service: &mut PgConnection, slug: &str) -> Result<Option<OrgId>> {
    let org: Option<Uuid> = sqlx::query_scalar("SELECT service.find_org_by_slug($1)")
        .bind(slug)
        .fetch_one(service)
        .await
        .map_err(Error::query("uploads.find_drop_org"))?;
    Ok(org.map(OrgId))
}
