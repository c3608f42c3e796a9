//! Second factors: a sealed TOTP secret and the hashes of recovery codes, a user each.

use chrono::{DateTime, Utc};
use domain::UserId;
use sqlx::FromRow;

use crate::{Error, Result, Tenant, TokenHash};

/// A user's factor, locked until the transaction ends.
#[derive(Debug, Clone, FromRow)]
pub struct Factor {
    pub sealed_secret: Vec<u8>,
    /// Until then it guards nothing.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The latest time step whose code was used.
    pub last_step: i64,
    /// Wrong codes since the last right one.
    pub failures: i32,
    pub failed_at: Option<DateTime<Utc>>,
}

/// Starts anew with this secret; `false` when the user has a confirmed factor, which stays.
///
/// # Errors
/// When the database fails.
pub async fn begin(tenant: &mut Tenant, user: UserId, sealed_secret: &[u8]) -> Result<bool> {
    let begun = sqlx::query(
        "INSERT INTO mfa_factors (user_id, org_id, sealed_secret) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET sealed_secret = EXCLUDED.sealed_secret, created_at = now()
         WHERE mfa_factors.confirmed_at IS NULL",
    )
    .bind(user.0)
    .bind(tenant.org().0)
    .bind(sealed_secret)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("mfa.begin"))?;
    Ok(begun.rows_affected() == 1)
}

/// The factor of an active user whose tokens have this version (`None`: whichever). Attempts of one user take turns from
/// here on.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, user: UserId, token_version: Option<i32>) -> Result<Option<Factor>> {
    // The user first: in that order whoever disables or removes a user locks both.
    let active = sqlx::query(
        "SELECT FROM users WHERE id = $1 AND disabled_at IS NULL AND ($2::integer IS NULL OR token_version = $2)
         FOR NO KEY UPDATE",
    )
    .bind(user.0)
    .bind(token_version)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("mfa.lock_user"))?;
    if active.is_none() {
        return Ok(None);
    }
    sqlx::query_as(
        "SELECT sealed_secret, confirmed_at, last_step, failures, failed_at FROM mfa_factors
         WHERE user_id = $1 FOR UPDATE",
    )
    .bind(user.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("mfa.lock"))
}

/// Whether a login of this user needs a second factor.
///
/// # Errors
/// When the database fails.
pub async fn is_on(tenant: &mut Tenant, user: UserId) -> Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM mfa_factors WHERE user_id = $1 AND confirmed_at IS NOT NULL)",
    )
    .bind(user.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("mfa.is_on"))
}

/// Records a right code: it and all before it are used up.
///
/// # Errors
/// When the database fails.
pub async fn use_step(tenant: &mut Tenant, user: UserId, step: i64) -> Result<()> {
    sqlx::query("UPDATE mfa_factors SET last_step = $2, failures = 0, failed_at = NULL WHERE user_id = $1")
        .bind(user.0)
        .bind(step)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("mfa.use_step"))?;
    Ok(())
}

/// Counts a wrong code. Commit, or it is not counted.
///
/// # Errors
/// When the database fails.
pub async fn count_failure(tenant: &mut Tenant, user: UserId) -> Result<()> {
    sqlx::query("UPDATE mfa_factors SET failures = failures + 1, failed_at = now() WHERE user_id = $1")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("mfa.count_failure"))?;
    Ok(())
}

/// Puts the factor to use, with these recovery codes.
///
/// # Errors
/// When the database fails.
pub async fn confirm(tenant: &mut Tenant, user: UserId, codes: &[TokenHash]) -> Result<()> {
    sqlx::query("UPDATE mfa_factors SET confirmed_at = now() WHERE user_id = $1")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("mfa.confirm"))?;
    let codes: Vec<&[u8]> = codes.iter().map(|code| &code[..]).collect();
    sqlx::query(
        "INSERT INTO mfa_recovery_codes (org_id, user_id, code_hash) SELECT $1, $2, unnest($3::bytea[])",
    )
    .bind(tenant.org().0)
    .bind(user.0)
    .bind(codes)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("mfa.store_codes"))?;
    Ok(())
}

/// Uses a recovery code up; `false` when the user has no such code (any more).
///
/// # Errors
/// When the database fails.
pub async fn take_recovery_code(tenant: &mut Tenant, user: UserId, hash: &TokenHash) -> Result<bool> {
    let taken = sqlx::query("DELETE FROM mfa_recovery_codes WHERE user_id = $1 AND code_hash = $2")
        .bind(user.0)
        .bind(&hash[..])
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("mfa.take_recovery_code"))?;
    Ok(taken.rows_affected() == 1)
}

/// Switches the second factor off.
///
/// # Errors
/// When the database fails.
pub async fn remove(tenant: &mut Tenant, user: UserId) -> Result<()> {
    for statement in
        ["DELETE FROM mfa_factors WHERE user_id = $1", "DELETE FROM mfa_recovery_codes WHERE user_id = $1"]
    {
        sqlx::query(statement)
            .bind(user.0)
            .execute(&mut **tenant)
            .await
            .map_err(Error::query("mfa.remove"))?;
    }
    Ok(())
}
