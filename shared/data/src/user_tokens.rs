//! Tokens sent by mail: each for one purpose, good once and for a while.

use std::time::Duration;

use domain::UserId;
use sqlx::{postgres::types::PgInterval, types::Uuid};

use crate::{Error, Result, SecretToken, Tenant, TokenHash};

/// What a token is good for. A token of one purpose is nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    EmailVerification,
    PasswordReset,
    Invitation,
}

impl Purpose {
    /// How long after it was sent a token is good.
    #[must_use]
    pub fn lifetime(self) -> Duration {
        match self {
            Self::PasswordReset => Duration::from_secs(30 * 60),
            Self::EmailVerification => Duration::from_secs(24 * 3600),
            Self::Invitation => Duration::from_secs(7 * 24 * 3600),
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::EmailVerification => "email_verification",
            Self::PasswordReset => "password_reset",
            Self::Invitation => "invitation",
        }
    }
}

/// A new token for a user; `None` when the user is disabled or gone.
///
/// # Errors
/// When the database fails.
pub async fn issue(tenant: &mut Tenant, user: UserId, purpose: Purpose) -> Result<Option<SecretToken>> {
    sqlx::query("DELETE FROM user_tokens WHERE user_id = $1 AND expires_at <= now()")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("user_tokens.forget"))?;
    let token = SecretToken::new(tenant.org());
    let lifetime = PgInterval::try_from(purpose.lifetime()).map_err(Error::stored("user_tokens.issue"))?;
    let issued = sqlx::query(
        "INSERT INTO user_tokens (token_hash, org_id, user_id, purpose, expires_at)
         SELECT $2, org_id, id, $3, now() + $4 FROM users WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(user.0)
    .bind(&token.hash()[..])
    .bind(purpose.as_str())
    .bind(lifetime)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("user_tokens.issue"))?;
    Ok((issued.rows_affected() == 1).then_some(token))
}

/// Uses a token up, and with it all others of its user for this purpose. Of concurrent calls one gets the user.
///
/// # Errors
/// When the database fails.
pub async fn take(tenant: &mut Tenant, hash: &TokenHash, purpose: Purpose) -> Result<Option<UserId>> {
    // The user first, then the token: in that order whoever disables a user locks both.
    sqlx::query(
        "SELECT FROM users WHERE id = (SELECT user_id FROM user_tokens WHERE token_hash = $1) FOR NO KEY UPDATE",
    )
    .bind(&hash[..])
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("user_tokens.lock_user"))?;
    let user: Option<Uuid> = sqlx::query_scalar(
        "DELETE FROM user_tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > now() RETURNING user_id",
    )
    .bind(&hash[..])
    .bind(purpose.as_str())
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("user_tokens.take"))?;
    let Some(user) = user.map(UserId) else { return Ok(None) };
    revoke(tenant, user, purpose).await?;
    Ok(Some(user))
}

/// Makes all tokens of a user for a purpose worthless.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tenant: &mut Tenant, user: UserId, purpose: Purpose) -> Result<()> {
    sqlx::query("DELETE FROM user_tokens WHERE user_id = $1 AND purpose = $2")
        .bind(user.0)
        .bind(purpose.as_str())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("user_tokens.revoke"))?;
    Ok(())
}

/// Makes all tokens of a user worthless.
///
/// # Errors
/// When the database fails.
pub async fn revoke_all(tenant: &mut Tenant, user: UserId) -> Result<()> {
    sqlx::query("DELETE FROM user_tokens WHERE user_id = $1")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("user_tokens.revoke_all"))?;
    Ok(())
}
