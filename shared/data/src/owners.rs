//! Whoever something runs for by itself: a schedule, an alert.

use uuid::Uuid;

use crate::{Error, Result, Tenant};

/// A permission of these that this user or key lacks now; a disabled or removed one lacks all.
///
/// # Errors
/// When the database fails.
pub async fn lacks(tenant: &mut Tenant, owner: Uuid, needs: &[&'static str]) -> Result<Option<&'static str>> {
    let rights: Option<Vec<String>> =
        sqlx::query_scalar("SELECT permissions FROM service.rights(wall.current_org(), $1)")
            .bind(owner)
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("owners.lacks"))?;
    let rights = rights.unwrap_or_default();
    Ok(needs.iter().copied().find(|needed| !rights.iter().any(|right| right == needed)))
}

/// Who learns that it stopped: the owner, of a key whoever made it; else the owners of the organisation.
///
/// # Errors
/// When the database fails.
pub(crate) async fn told(tenant: &mut Tenant, owner: Uuid) -> Result<Vec<String>> {
    sqlx::query_scalar(
        "WITH here AS (SELECT id, email, role FROM users WHERE disabled_at IS NULL AND removed_at IS NULL),
             answers AS (SELECT email FROM here WHERE id = $1 OR id IN (SELECT created_by FROM api_keys WHERE id = $1))
         SELECT email FROM answers
         UNION SELECT email FROM here WHERE role = 'owner' AND NOT EXISTS (SELECT FROM answers)
         ORDER BY 1",
    )
    .bind(owner)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("owners.told"))
}
