//! Refresh tokens: hashed, rotated, and revoked as a family when an old one comes back.

use chrono::{DateTime, Utc};
use domain::UserId;
use sqlx::{FromRow, types::Uuid};

use crate::{Error, Result, Tenant};

/// SHA-256 of a token. The token itself is never stored.
pub type TokenHash = [u8; 32];

/// What became of a rotation. All but `Rotated` end in 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The old token is used up, the new one counts.
    Rotated { user_id: UserId },
    /// The token was used up before, so two parties hold it: its whole family is revoked. Commit, or it is not.
    Reused { user_id: UserId },
    /// Never issued here, expired or revoked.
    Unknown,
}

#[derive(FromRow)]
struct Row {
    family: Uuid,
    rotated: bool,
    alive: bool,
}

/// Starts a family: one login.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tenant: &mut Tenant,
    user: UserId,
    hash: &TokenHash,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    store(tenant, user.0, Uuid::now_v7(), hash, expires_at).await
}

/// Uses up the old token and stores the new one in its family. Concurrent calls with one token: the first rotates,
/// the others are reuse.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    tenant: &mut Tenant,
    old: &TokenHash,
    new: &TokenHash,
    expires_at: DateTime<Utc>,
) -> Result<Rotation> {
    let owner: Option<Uuid> = sqlx::query_scalar("SELECT user_id FROM refresh_tokens WHERE token_hash = $1")
        .bind(&old[..])
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("refresh_tokens.find_owner"))?;
    let Some(owner) = owner else { return Ok(Rotation::Unknown) };
    lock(tenant, owner).await?;
    let row: Option<Row> = sqlx::query_as(
        "SELECT family, rotated_at IS NOT NULL AS rotated, revoked_at IS NULL AND expires_at > now() AS alive
         FROM refresh_tokens WHERE token_hash = $1",
    )
    .bind(&old[..])
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("refresh_tokens.find"))?;
    let Some(row) = row else { return Ok(Rotation::Unknown) };
    let user_id = UserId(owner);
    if row.rotated {
        revoke(tenant, row.family).await?;
        return Ok(Rotation::Reused { user_id });
    }
    if !row.alive {
        return Ok(Rotation::Unknown);
    }
    sqlx::query("UPDATE refresh_tokens SET rotated_at = now() WHERE token_hash = $1")
        .bind(&old[..])
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("refresh_tokens.rotate"))?;
    store(tenant, owner, row.family, new, expires_at).await?;
    Ok(Rotation::Rotated { user_id })
}

/// Ends the session a token belongs to, if it is one of this user.
///
/// # Errors
/// When the database fails.
pub async fn revoke_family_of(tenant: &mut Tenant, user: UserId, hash: &TokenHash) -> Result<()> {
    lock(tenant, user.0).await?;
    let family: Option<Uuid> =
        sqlx::query_scalar("SELECT family FROM refresh_tokens WHERE token_hash = $1 AND user_id = $2")
            .bind(&hash[..])
            .bind(user.0)
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("refresh_tokens.find_family"))?;
    match family {
        Some(family) => revoke(tenant, family).await,
        None => Ok(()),
    }
}

/// Ends all sessions of a user.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(tenant: &mut Tenant, user: UserId) -> Result<()> {
    lock(tenant, user.0).await?;
    sqlx::query("UPDATE refresh_tokens SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("refresh_tokens.revoke_all"))?;
    Ok(())
}

/// Makes rotations and revocations of one user take turns until the transaction ends. Without that, a revocation would
/// not see the token that a rotation under way is storing, and the token would outlive it.
async fn lock(tenant: &mut Tenant, user: Uuid) -> Result<()> {
    sqlx::query("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE")
        .bind(user)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("refresh_tokens.lock"))?;
    Ok(())
}

async fn revoke(tenant: &mut Tenant, family: Uuid) -> Result<()> {
    sqlx::query("UPDATE refresh_tokens SET revoked_at = now() WHERE family = $1 AND revoked_at IS NULL")
        .bind(family)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("refresh_tokens.revoke"))?;
    Ok(())
}

async fn store(
    tenant: &mut Tenant,
    user: Uuid,
    family: Uuid,
    hash: &TokenHash,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO refresh_tokens (org_id, user_id, family, token_hash, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(tenant.org().0)
    .bind(user)
    .bind(family)
    .bind(&hash[..])
    .bind(expires_at)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("refresh_tokens.insert"))?;
    Ok(())
}
