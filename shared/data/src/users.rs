//! People with a login.

use domain::{OrgId, UserId};
use sqlx::{FromRow, PgConnection, types::Uuid};

use crate::{Error, Result, Tenant};

/// The constraint that an address already taken violates.
pub const EMAIL_UNIQUE: &str = "users_email_key";

/// A row of `users`, without the password hash.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct User {
    pub email: String,
    pub full_name: Option<String>,
    /// A word of `edge::Role`.
    pub role: String,
    /// Access tokens of another version are refused.
    pub token_version: i32,
}

/// A user to be.
#[derive(Debug, Clone)]
pub struct NewUser<'a> {
    pub id: UserId,
    /// Lower case.
    pub email: &'a str,
    /// PHC text: algorithm, parameters and salt included.
    pub password_hash: &'a str,
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
        "SELECT email, full_name, role, token_version FROM users WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(user.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("users.find"))
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

/// The active user that a token names, in the organisation that it names.
///
/// # Errors
/// When the database fails.
pub async fn find_principal(
    service: &mut PgConnection,
    org: OrgId,
    user: UserId,
) -> Result<Option<PrincipalRow>> {
    sqlx::query_as("SELECT * FROM service.find_principal($1, $2)")
        .bind(org.0)
        .bind(user.0)
        .fetch_optional(service)
        .await
        .map_err(Error::query("users.find_principal"))
}
