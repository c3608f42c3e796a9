//! Addresses that get no mail any more.

use chrono::{DateTime, Utc};
use domain::{SuppressionId, SuppressionReason};
use sqlx::{FromRow, types::Uuid};

use crate::{Error, Result, Tenant};

/// An address that bounced for good or whose reader complained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    pub id: SuppressionId,
    pub address: String,
    pub reason: SuppressionReason,
    /// The words of the other mail server.
    pub detail: Option<String>,
    pub created_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    address: String,
    reason: String,
    detail: Option<String>,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Suppression {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let reason = row.reason.parse().map_err(Error::stored("suppressions.read"))?;
        Ok(Self {
            id: SuppressionId(row.id),
            address: row.address,
            reason,
            detail: row.detail,
            created_at: row.created_at,
        })
    }
}

/// Suppresses an address; one that is suppressed keeps its reason, unless a complaint comes on top.
///
/// # Errors
/// When the database fails.
pub async fn add(
    tenant: &mut Tenant,
    address: &str,
    reason: SuppressionReason,
    detail: Option<&str>,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO suppressed_addresses (org_id, address, reason, detail) VALUES ($1, lower($2), $3, $4)
         ON CONFLICT (org_id, address) DO UPDATE SET reason = EXCLUDED.reason, detail = EXCLUDED.detail
             WHERE EXCLUDED.reason = 'complaint'",
    )
    .bind(tenant.org().0)
    .bind(address)
    .bind(reason.as_str())
    .bind(detail)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("suppressions.add"))?;
    Ok(())
}

/// Why no mail goes to this address; `None`: it may.
///
/// # Errors
/// When the database fails or holds a word that this version does not know.
pub async fn of_address(tenant: &mut Tenant, address: &str) -> Result<Option<SuppressionReason>> {
    let reason: Option<String> =
        sqlx::query_scalar("SELECT reason FROM suppressed_addresses WHERE address = lower($1)")
            .bind(address)
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("suppressions.of_address"))?;
    reason.map(|reason| reason.parse().map_err(Error::stored("suppressions.of_address"))).transpose()
}

/// Suppressed addresses, newest first, after the one at the cursor.
///
/// # Errors
/// When the database fails or holds a word that this version does not know.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<SuppressionId>) -> Result<Vec<Suppression>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, address, reason, detail, created_at FROM suppressed_addresses
         WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(after.map(|id| id.0))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("suppressions.list"))?;
    rows.into_iter().map(Suppression::try_from).collect()
}

/// Lets mails go to an address again; `false` when there is no such suppression.
///
/// # Errors
/// When the database fails.
pub async fn lift(tenant: &mut Tenant, id: SuppressionId) -> Result<bool> {
    let lifted = sqlx::query("DELETE FROM suppressed_addresses WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("suppressions.lift"))?;
    Ok(lifted.rows_affected() == 1)
}
