//! Roles: named sets of permissions. Four come with every organisation.

use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// The role that may do everything and that cannot be changed.
pub const OWNER: &str = "owner";

/// The constraint that a name already taken violates.
pub const NAME_UNIQUE: &str = "roles_pkey";

/// A row of `roles`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Role {
    pub name: String,
    pub description: String,
    /// Words of `wall.permissions`, in order.
    pub permissions: Vec<String>,
    pub built_in: bool,
    pub version: i32,
    /// How many users have it.
    pub users: i64,
}

const COLUMNS: &str = "name, description, permissions, built_in, version,
    (SELECT count(*) FROM users u WHERE u.org_id = roles.org_id AND u.role = roles.name) AS users";

/// All roles by name, the built-in ones first.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant) -> Result<Vec<Role>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM roles ORDER BY NOT built_in, name")))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("roles.list"))
}

/// What the role of this name may.
///
/// # Errors
/// When the database fails.
pub async fn permissions(tenant: &mut Tenant, name: &str) -> Result<Option<Vec<String>>> {
    sqlx::query_scalar("SELECT permissions FROM roles WHERE name = $1")
        .bind(name)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("roles.permissions"))
}

/// The role of this name, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, name: &str) -> Result<Option<Role>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM roles WHERE name = $1 FOR NO KEY UPDATE OF roles"
    )))
    .bind(name)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("roles.lock"))
}

/// Makes a role.
///
/// # Errors
/// Violates [`NAME_UNIQUE`] when the name is taken.
pub async fn insert(
    tenant: &mut Tenant,
    name: &str,
    description: &str,
    permissions: &[String],
) -> Result<()> {
    sqlx::query("INSERT INTO roles (org_id, name, description, permissions) VALUES ($1, $2, $3, $4)")
        .bind(tenant.org().0)
        .bind(name)
        .bind(description)
        .bind(permissions)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("roles.insert"))?;
    Ok(())
}

/// Changes a role that the transaction has locked.
///
/// # Errors
/// When the database fails.
pub async fn update(
    tenant: &mut Tenant,
    name: &str,
    description: &str,
    permissions: &[String],
) -> Result<()> {
    sqlx::query("UPDATE roles SET description = $2, permissions = $3, version = version + 1 WHERE name = $1")
        .bind(name)
        .bind(description)
        .bind(permissions)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("roles.update"))?;
    Ok(())
}

/// Removes a role that nobody has; its policies go with it.
///
/// # Errors
/// When the database fails, or somebody has the role.
pub async fn delete(tenant: &mut Tenant, name: &str) -> Result<()> {
    sqlx::query("DELETE FROM roles WHERE name = $1 AND NOT built_in")
        .bind(name)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("roles.delete"))?;
    Ok(())
}
