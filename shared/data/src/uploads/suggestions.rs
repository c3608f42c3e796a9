//! What a language model proposes beside the questions of a held upload.

use domain::{Question, UploadId};

use crate::{Error, Result, Tenant, json::without_nul};

/// Shows proposals beside the questions that were asked. `false` when the upload no longer asks exactly these: somebody has
/// answered, or the file was read again.
///
/// # Errors
/// When the database fails.
pub async fn suggest(
    tenant: &mut Tenant,
    id: UploadId,
    asked: &[Question],
    suggested: &[Question],
) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE uploads SET questions = $3::text::jsonb
         WHERE id = $1 AND status = 'needs_review' AND questions = $2::text::jsonb",
    )
    .bind(id.0)
    .bind(without_nul(asked)?)
    .bind(without_nul(suggested)?)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("uploads.suggest"))?;
    Ok(updated.rows_affected() == 1)
}
