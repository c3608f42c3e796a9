//! Policies: what one role, user or key may beside or against its role, or which rows it may see.

use chrono::{DateTime, Utc};
use domain::PolicyId;
use sqlx::{AssertSqlSafe, FromRow, types::Uuid};

use crate::{Error, Result, Tenant};

/// A row of `policies`. Exactly one of role, user and key is named; either a permission with its effect or lists of rows.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Policy {
    pub id: Uuid,
    pub name: String,
    pub role: Option<String>,
    pub user_id: Option<Uuid>,
    pub api_key_id: Option<Uuid>,
    /// `allow` or `deny`.
    pub effect: Option<String>,
    pub permission: Option<String>,
    pub vendors: Option<Vec<String>>,
    pub stores: Option<Vec<String>>,
    pub countries: Option<Vec<String>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

const COLUMNS: &str = "id, name, role, user_id, api_key_id, effect, permission, vendors, stores, countries, version, created_at";

/// At most `limit` policies, newest first, beginning after the policy `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<PolicyId>) -> Result<Vec<Policy>> {
    let query = format!(
        "SELECT {COLUMNS} FROM policies WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    sqlx::query_as(AssertSqlSafe(query))
        .bind(tenant.org().0)
        .bind(after.map(|id| id.0))
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("policies.list"))
}

/// The policy of this id, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, id: PolicyId) -> Result<Option<Policy>> {
    sqlx::query_as(AssertSqlSafe(format!("SELECT {COLUMNS} FROM policies WHERE id = $1 FOR NO KEY UPDATE")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("policies.lock"))
}

/// Writes a policy, or its next version over the one that the transaction has locked.
///
/// # Errors
/// When the database fails; violates a foreign key when the role, user or key does not exist here.
pub async fn store(tenant: &mut Tenant, policy: &Policy) -> Result<()> {
    sqlx::query(
        "INSERT INTO policies (org_id, id, name, role, user_id, api_key_id, effect, permission, vendors, stores, countries,
             version, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, user_id = excluded.user_id,
             api_key_id = excluded.api_key_id, effect = excluded.effect, permission = excluded.permission,
             vendors = excluded.vendors, stores = excluded.stores, countries = excluded.countries,
             version = excluded.version",
    )
    .bind(tenant.org().0)
    .bind(policy.id)
    .bind(&policy.name)
    .bind(&policy.role)
    .bind(policy.user_id)
    .bind(policy.api_key_id)
    .bind(&policy.effect)
    .bind(&policy.permission)
    .bind(&policy.vendors)
    .bind(&policy.stores)
    .bind(&policy.countries)
    .bind(policy.version)
    .bind(policy.created_at)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("policies.store"))?;
    Ok(())
}

/// Removes a policy; `false` when there is none of this id.
///
/// # Errors
/// When the database fails.
pub async fn delete(tenant: &mut Tenant, id: PolicyId) -> Result<bool> {
    let deleted = sqlx::query("DELETE FROM policies WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("policies.delete"))?;
    Ok(deleted.rows_affected() == 1)
}
