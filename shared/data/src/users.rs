//! People with a login.

use domain::{OrgId, SessionId, UserId};
use sqlx::{FromRow, PgConnection, types::Uuid};

use crate::{Error, Result, Tenant};

/// The constraint that an address already taken violates.
pub const EMAIL_UNIQUE: &str = "users_email_key";

/// A row of `users`, without the password hash.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct User {
    pub email: String,
    pub full_name: Option<String>,
    /// Names a row of `roles`.
    pub role: String,
    /// Access tokens of another version are refused.
    pub token_version: i32,
    pub email_verified: bool,
    /// Whether a login needs a second factor.
    pub mfa_enabled: bool,
}

/// A user to be.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    pub id: UserId,
    /// Lower case.
    pub email: &'a str,
    /// PHC text: algorithm, parameters and salt included. Without one the user signs in at an identity provider.
    pub password_hash: Option<&'a str>,
    pub full_name: Option<&'a str>,
    pub role: &'a str,
}

/// What a login checks a password against.
#[derive(Debug, Clone)]
pub struct Login {
    pub org_id: OrgId,
    pub user_id: UserId,
    pub password_hash: String,
}

/// What the authorizer asks about the subject of a token.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct PrincipalRow {
    pub email: String,
    pub role: String,
    pub token_version: i32,
    /// What the user may do now.
    pub permissions: Vec<String>,
}

/// # Errors
/// Violates [`EMAIL_UNIQUE`] when the address is taken, in whichever organisation.
pub async fn insert(tenant: &mut Tenant, user: &NewUser<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO users (id, org_id, email, password_hash, full_name, role) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(user.id.0)
    .bind(tenant.org().0)
    .bind(user.email)
    .bind(user.password_hash)
    .bind(user.full_name)
    .bind(user.role)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("users.insert"))?;
    Ok(())
}

/// An active user of this tenant.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, user: UserId) -> Result<Option<User>> {
    sqlx::query_as(
        "SELECT email, full_name, role, token_version, email_verified_at IS NOT NULL AS email_verified,
             EXISTS (SELECT FROM mfa_factors m WHERE m.user_id = users.id AND confirmed_at IS NOT NULL) AS mfa_enabled
         FROM users WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(user.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("users.find"))
}

/// The password hash of an active user of this tenant.
///
/// # Errors
/// When the database fails.
pub async fn find_password(tenant: &mut Tenant, user: UserId) -> Result<Option<String>> {
    let hash: Option<Option<String>> =
        sqlx::query_scalar("SELECT password_hash FROM users WHERE id = $1 AND disabled_at IS NULL")
            .bind(user.0)
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("users.find_password"))?;
    Ok(hash.flatten())
}

/// Whether the user is active and still has this hash, which a password was checked against.
///
/// From here on until the transaction ends nobody changes the password or disables the user: what is opened now is seen by
/// who ends all.
///
/// # Errors
/// When the database fails.
pub async fn lock_login(tenant: &mut Tenant, user: UserId, password_hash: &str) -> Result<bool> {
    let row = sqlx::query(
        "SELECT FROM users WHERE id = $1 AND password_hash = $2 AND disabled_at IS NULL FOR NO KEY UPDATE",
    )
    .bind(user.0)
    .bind(password_hash)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("users.lock_login"))?;
    Ok(row.is_some())
}

/// # Errors
/// When the database fails.
pub async fn set_password(tenant: &mut Tenant, user: UserId, password_hash: &str) -> Result<()> {
    sqlx::query("UPDATE users SET password_hash = $2 WHERE id = $1")
        .bind(user.0)
        .bind(password_hash)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("users.set_password"))?;
    Ok(())
}

/// Records that a mail to the user's address was read.
///
/// # Errors
/// When the database fails.
pub async fn mark_email_verified(tenant: &mut Tenant, user: UserId) -> Result<()> {
    sqlx::query("UPDATE users SET email_verified_at = coalesce(email_verified_at, now()) WHERE id = $1")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("users.mark_email_verified"))?;
    Ok(())
}

/// What whoever acts in this transaction may do now, in order; nothing in one of the system.
///
/// # Errors
/// When the database fails.
pub async fn rights(tenant: &mut Tenant) -> Result<Vec<String>> {
    let rights: Option<Vec<String>> = sqlx::query_scalar(
        "SELECT permissions FROM service.rights(wall.current_org(), wall.current_subject())",
    )
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("users.rights"))?;
    Ok(rights.unwrap_or_default())
}

/// Ends every access token of the user at once.
///
/// # Errors
/// When the database fails.
pub async fn raise_token_version(tenant: &mut Tenant, user: UserId) -> Result<()> {
    sqlx::query("UPDATE users SET token_version = token_version + 1 WHERE id = $1")
        .bind(user.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("users.raise_token_version"))?;
    Ok(())
}

/// The active user with this lower-case address, among all organisations.
///
/// # Errors
/// When the database fails.
pub async fn find_login(service: &mut PgConnection, email: &str) -> Result<Option<Login>> {
    let row: Option<(Uuid, Uuid, String)> = sqlx::query_as("SELECT * FROM service.find_login($1)")
        .bind(email)
        .fetch_optional(service)
        .await
        .map_err(Error::query("users.find_login"))?;
    Ok(row.map(|(org, user, password_hash)| Login {
        org_id: OrgId(org),
        user_id: UserId(user),
        password_hash,
    }))
}

/// Who has an address, with a password or without.
#[derive(Debug, Clone, Copy)]
pub struct Account {
    pub org_id: OrgId,
    pub user_id: UserId,
    /// Joined, and not disabled.
    pub may_sign_in: bool,
}

/// The user with this lower-case address, among all organisations.
///
/// # Errors
/// When the database fails.
pub async fn find_account(service: &mut PgConnection, email: &str) -> Result<Option<Account>> {
    let row: Option<(Uuid, Uuid, bool)> = sqlx::query_as("SELECT * FROM service.find_account($1)")
        .bind(email)
        .fetch_optional(service)
        .await
        .map_err(Error::query("users.find_account"))?;
    Ok(row.map(|(org, user, may_sign_in)| Account { org_id: OrgId(org), user_id: UserId(user), may_sign_in }))
}

/// The active user that a token names, in the organisation and with the living session that it names.
///
/// # Errors
/// When the database fails.
pub async fn find_principal(
    service: &mut PgConnection,
    org: OrgId,
    user: UserId,
    session: SessionId,
) -> Result<Option<PrincipalRow>> {
    sqlx::query_as("SELECT * FROM service.find_principal($1, $2, $3)")
        .bind(org.0)
        .bind(user.0)
        .bind(session.0)
        .fetch_optional(service)
        .await
        .map_err(Error::query("users.find_principal"))
}
