//! The people of an organisation as who manages them sees them: invited, active, disabled, removed.

use chrono::{DateTime, Utc};
use domain::UserId;
use sqlx::{FromRow, types::Uuid};

use crate::{Error, Result, Tenant, identities, mfa, sessions, user_tokens, users};

/// Where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Asked by mail, has not come yet.
    Invited,
    Active,
    Disabled,
}

/// A user who was not removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: UserId,
    pub email: String,
    pub full_name: Option<String>,
    /// Name of a role of the organisation.
    pub role: String,
    pub status: Status,
    pub email_verified: bool,
    pub created_at: DateTime<Utc>,
    pub joined_at: Option<DateTime<Utc>>,
    pub disabled_at: Option<DateTime<Utc>>,
    /// Raised by every change that people make.
    pub version: i32,
}

/// Somebody to be invited.
#[derive(Debug, Clone)]
pub struct Invited<'a> {
    pub id: UserId,
    /// Lower case.
    pub email: &'a str,
    pub full_name: Option<&'a str>,
    pub role: &'a str,
}

/// What becomes of a user; `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Change<'a> {
    pub role: Option<&'a str>,
    pub full_name: Option<Option<&'a str>>,
    pub disabled: Option<bool>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    email: String,
    full_name: Option<String>,
    role: String,
    email_verified_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    joined_at: Option<DateTime<Utc>>,
    disabled_at: Option<DateTime<Utc>>,
    version: i32,
}

/// Makes changes of who is in the organisation and in which role take turns until the transaction ends: rules about all
/// of them, such as that an owner is left, hold only so.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant) -> Result<()> {
    // No row stands for all of them that each who manages users may lock.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('members' || $1::text, 0))")
        .bind(tenant.org().0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("members.lock"))?;
    Ok(())
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, user: UserId) -> Result<Option<Member>> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, full_name, role, email_verified_at, created_at, joined_at, disabled_at, version
         FROM users WHERE id = $1 AND removed_at IS NULL",
    )
    .bind(user.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("members.find"))?;
    Ok(row.map(Member::from))
}

/// Lists users, newest first, after the one at the cursor.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<UserId>) -> Result<Vec<Member>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, email, full_name, role, email_verified_at, created_at, joined_at, disabled_at, version
         FROM users WHERE removed_at IS NULL AND ($1::uuid IS NULL OR id < $1)
         ORDER BY id DESC LIMIT $2",
    )
    .bind(after.map(|id| id.0))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("members.list"))?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// # Errors
/// Violates [`users::EMAIL_UNIQUE`] when the address is taken, in whichever organisation.
pub async fn invite(tenant: &mut Tenant, new: &Invited<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO users (id, org_id, email, full_name, role, joined_at) VALUES ($1, $2, $3, $4, $5, NULL)",
    )
    .bind(new.id.0)
    .bind(tenant.org().0)
    .bind(new.email)
    .bind(new.full_name)
    .bind(new.role)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("members.invite"))?;
    Ok(())
}

/// An invited user comes: from here on the password counts, if there is one. `false` when the user came before or is disabled.
///
/// # Errors
/// When the database fails.
pub async fn join(
    tenant: &mut Tenant,
    user: UserId,
    password_hash: Option<&str>,
    full_name: Option<&str>,
) -> Result<bool> {
    let joined = sqlx::query(
        "UPDATE users SET password_hash = $2, full_name = coalesce($3, full_name), joined_at = now(),
             email_verified_at = now(), version = version + 1
         WHERE id = $1 AND joined_at IS NULL AND disabled_at IS NULL",
    )
    .bind(user.0)
    .bind(password_hash)
    .bind(full_name)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("members.join"))?;
    Ok(joined.rows_affected() == 1)
}

/// Whether the organisation would have no active owner without this user. Call it after [`lock`].
///
/// # Errors
/// When the database fails.
pub async fn is_last_owner(tenant: &mut Tenant, user: UserId) -> Result<bool> {
    sqlx::query_scalar(
        "SELECT NOT EXISTS (SELECT FROM users
             WHERE role = 'owner' AND id <> $1 AND disabled_at IS NULL AND joined_at IS NOT NULL)",
    )
    .bind(user.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("members.is_last_owner"))
}

/// Changes a user. Another role and disabling end the access tokens there are; disabling ends sessions and mailed tokens.
///
/// # Errors
/// When the database fails.
pub async fn update(tenant: &mut Tenant, user: UserId, change: &Change<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE users SET role = coalesce($2, role), full_name = CASE WHEN $3 THEN $4 ELSE full_name END,
             disabled_at = CASE WHEN $5 IS NULL THEN disabled_at WHEN $5 THEN coalesce(disabled_at, now()) END,
             version = version + 1
         WHERE id = $1",
    )
    .bind(user.0)
    .bind(change.role)
    .bind(change.full_name.is_some())
    .bind(change.full_name.flatten())
    .bind(change.disabled)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("members.update"))?;
    if change.role.is_some() {
        users::raise_token_version(tenant, user).await?;
    }
    if change.disabled == Some(true) {
        shut_out(tenant, user).await?;
    }
    Ok(())
}

/// Removes a user. What the person did keeps its author, who is nobody from now on: address, name and password are gone.
///
/// # Errors
/// When the database fails.
pub async fn remove(tenant: &mut Tenant, user: UserId) -> Result<()> {
    sqlx::query(
        "UPDATE users SET email = 'removed-' || id || '@removed.invalid', full_name = NULL, password_hash = NULL,
             disabled_at = coalesce(disabled_at, now()), removed_at = now(), version = version + 1
         WHERE id = $1",
    )
    .bind(user.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("members.remove"))?;
    mfa::remove(tenant, user).await?;
    identities::remove(tenant, user).await?;
    shut_out(tenant, user).await
}

async fn shut_out(tenant: &mut Tenant, user: UserId) -> Result<()> {
    users::raise_token_version(tenant, user).await?;
    user_tokens::revoke_all(tenant, user).await?;
    sessions::end_all(tenant, user, None).await
}

impl From<Row> for Member {
    fn from(row: Row) -> Self {
        let status = match (row.disabled_at, row.joined_at) {
            (Some(_), _) => Status::Disabled,
            (None, None) => Status::Invited,
            (None, Some(_)) => Status::Active,
        };
        Self {
            id: UserId(row.id),
            email: row.email,
            full_name: row.full_name,
            role: row.role,
            status,
            email_verified: row.email_verified_at.is_some(),
            created_at: row.created_at,
            joined_at: row.joined_at,
            disabled_at: row.disabled_at,
            version: row.version,
        }
    }
}
