//! What people decide about an upload. Each decision puts it back to `pending`; the caller then wakes `file-ingest`.

use chrono::Utc;
use domain::{RequestId, UploadId, UserId};
use sqlx::types::Json;

use super::{Answer, Approval};
use crate::{Error, Result, Tenant};

/// Names the request that has an upload read (again): logs, mails and the audit trail of that reading carry it.
///
/// # Errors
/// When the database fails.
pub async fn set_request(tenant: &mut Tenant, id: UploadId, request: &RequestId) -> Result<()> {
    sqlx::query("UPDATE uploads SET request_id = $2 WHERE id = $1")
        .bind(id.0)
        .bind(request.as_str())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("uploads.set_request"))?;
    Ok(())
}

/// Takes a held upload although a control does not tie, or confirms one that was only to be validated.
/// `false` when it does not wait for a decision.
///
/// # Errors
/// When the database fails.
pub async fn approve(tenant: &mut Tenant, id: UploadId, by: UserId, reason: &str) -> Result<bool> {
    let approval = Approval { by, at: Utc::now(), reason: reason.to_owned() };
    let updated = sqlx::query(
        "UPDATE uploads SET approval = $2, status = 'pending', attempts = 0, lease_until = NULL, started_at = now(),
             finished_at = NULL
         WHERE id = $1 AND status = 'needs_review'",
    )
    .bind(id.0)
    .bind(Json(approval))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.approve"))?;
    Ok(updated.rows_affected() == 1)
}

/// Answers questions of a held upload, beside answers given before; of one question the later answer counts. `false`
/// when the upload does not wait for a decision.
///
/// What was approved was another reading, so that is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    tenant: &mut Tenant,
    id: UploadId,
    answers: &[Answer],
    remember_by: Option<UserId>,
) -> Result<bool> {
    let ids: Vec<&str> = answers.iter().map(|answer| answer.id.as_str()).collect();
    let updated = sqlx::query(
        "UPDATE uploads SET answers = (
                 SELECT coalesce(jsonb_agg(given), '[]') FROM jsonb_array_elements(answers) AS given
                 WHERE given ->> 'id' <> ALL ($2)
             ) || $3, remember_by = coalesce($4, remember_by), approval = NULL, status = 'pending', attempts = 0,
             lease_until = NULL, started_at = now(), finished_at = NULL
         WHERE id = $1 AND status = 'needs_review'",
    )
    .bind(id.0)
    .bind(ids)
    .bind(Json(answers))
    .bind(remember_by.map(|id| id.0))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.answer"))?;
    Ok(updated.rows_affected() == 1)
}

/// Has the layout of a booked upload kept as a profile of its vendor. `false` when there is none to keep.
///
/// # Errors
/// When the database fails.
pub async fn remember(tenant: &mut Tenant, id: UploadId, by: UserId) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE uploads SET remember_by = $2 WHERE id = $1 AND status = 'completed' AND proposal IS NOT NULL",
    )
    .bind(id.0)
    .bind(by.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.remember"))?;
    Ok(updated.rows_affected() == 1)
}

/// Has a failed upload tried again. `false` when it has not failed.
///
/// # Errors
/// When the database fails.
pub async fn retry(tenant: &mut Tenant, id: UploadId) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE uploads SET status = 'pending', error = NULL, attempts = 0, lease_until = NULL, started_at = now(),
             finished_at = NULL
         WHERE id = $1 AND status = 'failed'",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.retry"))?;
    Ok(updated.rows_affected() == 1)
}

/// Has a file read again that was booked, held or rejected: what its rows are matched with may have changed.
///
/// What is booked counts until the new reading restates it. `false` when the upload is in no such state.
///
/// # Errors
/// When the database fails.
pub async fn replay(tenant: &mut Tenant, id: UploadId) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE uploads SET status = 'pending', error = NULL, attempts = 0, lease_until = NULL, started_at = now(),
             finished_at = NULL
         WHERE id = $1 AND status IN ('completed', 'needs_review', 'rejected')",
    )
    .bind(id.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.replay"))?;
    Ok(updated.rows_affected() == 1)
}
