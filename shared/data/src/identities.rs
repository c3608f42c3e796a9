//! Accounts at identity providers that people sign in with. Who somebody is says issuer and subject, never an address.

use chrono::{DateTime, Utc};
use domain::{IdentityId, OrgId, UserId};
use sqlx::{FromRow, PgConnection, types::Uuid};

use crate::{Error, Result, Tenant};

/// The constraint that an identity of somebody violates.
pub const ONE_USER: &str = "identities_of_one_user";

/// An identity to be linked.
#[derive(Debug, Clone, Copy)]
pub struct NewIdentity<'a> {
    pub user: UserId,
    pub provider: &'a str,
    pub issuer: &'a str,
    pub subject: &'a str,
    pub email: Option<&'a str>,
}

/// An identity as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub id: IdentityId,
    pub provider: String,
    pub issuer: String,
    pub email: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Whose identity this is, among all organisations.
///
/// # Errors
/// When the database fails.
pub async fn find(
    service: &mut PgConnection,
    issuer: &str,
    subject: &str,
) -> Result<Option<(OrgId, UserId)>> {
    let row: Option<(Uuid, Uuid)> = sqlx::query_as("SELECT * FROM service.find_identity($1, $2)")
        .bind(issuer)
        .bind(subject)
        .fetch_optional(service)
        .await
        .map_err(Error::query("identities.find"))?;
    Ok(row.map(|(org, user)| (OrgId(org), UserId(user))))
}

/// Links an identity with a user.
///
/// # Errors
/// Violates [`ONE_USER`] when it belongs to somebody, in whichever organisation.
pub async fn link(tenant: &mut Tenant, new: &NewIdentity<'_>) -> Result<IdentityId> {
    let id = IdentityId::new();
    sqlx::query(
        "INSERT INTO identities (id, org_id, user_id, provider, issuer, subject, email) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(tenant.org().0)
    .bind(new.user.0)
    .bind(new.provider)
    .bind(new.issuer)
    .bind(new.subject)
    .bind(new.email)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("identities.link"))?;
    Ok(id)
}

/// Records a sign-in; `false` when the identity is not this user's any more, or the user is disabled. From here on until the
/// transaction ends nobody disables the user.
///
/// # Errors
/// When the database fails.
pub async fn sign_in(tenant: &mut Tenant, used: &NewIdentity<'_>) -> Result<bool> {
    let active = sqlx::query("SELECT FROM users WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE")
        .bind(used.user.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("identities.lock_user"))?;
    if active.is_none() {
        return Ok(false);
    }
    let signed_in = sqlx::query(
        "UPDATE identities SET last_used_at = now(), email = $4 WHERE issuer = $1 AND subject = $2 AND user_id = $3",
    )
    .bind(used.issuer)
    .bind(used.subject)
    .bind(used.user.0)
    .bind(used.email)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("identities.sign_in"))?;
    Ok(signed_in.rows_affected() == 1)
}

/// The identities of a user, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, user: UserId) -> Result<Vec<Identity>> {
    #[derive(FromRow)]
    struct Row {
        id: Uuid,
        provider: String,
        issuer: String,
        email: Option<String>,
        created_at: DateTime<Utc>,
        last_used_at: Option<DateTime<Utc>>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, provider, issuer, email, created_at, last_used_at FROM identities WHERE user_id = $1 ORDER BY id",
    )
    .bind(user.0)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("identities.list"))?;
    Ok(rows
        .into_iter()
        .map(|row| Identity {
            id: IdentityId(row.id),
            provider: row.provider,
            issuer: row.issuer,
            email: row.email,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
        .collect())
}

/// What became of an identity that was to be unlinked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlinked {
    Done,
    /// Without it the user has neither a password nor another identity.
    LastWayIn,
    Unknown,
}

/// Takes an identity from its user, unless that one could not sign in any more.
///
/// # Errors
/// When the database fails.
pub async fn unlink(tenant: &mut Tenant, user: UserId, identity: IdentityId) -> Result<Unlinked> {
    // Of two that are unlinked at once the second sees that the first is gone.
    let other_ways: Option<bool> =
        sqlx::query_scalar("SELECT password_hash IS NOT NULL FROM users WHERE id = $1 FOR NO KEY UPDATE")
            .bind(user.0)
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("identities.lock_user"))?;
    let Some(has_password) = other_ways else { return Ok(Unlinked::Unknown) };
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM identities WHERE user_id = $1")
        .bind(user.0)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("identities.count"))?;
    if !ids.contains(&identity.0) {
        return Ok(Unlinked::Unknown);
    }
    if !has_password && ids.len() == 1 {
        return Ok(Unlinked::LastWayIn);
    }
    sqlx::query("DELETE FROM identities WHERE id = $1")
        .bind(identity.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("identities.unlink"))?;
    Ok(Unlinked::Done)
}

/// Takes all identities from a user.
///
/// # Errors
/// When the database fails.
pub async fn remove(tenant: &mut Tenant, user: UserId) -> Result<()> {
    sqlx::query("DELETE FROM identities WHERE user_id = $1")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("identities.remove"))?;
    Ok(())
}
