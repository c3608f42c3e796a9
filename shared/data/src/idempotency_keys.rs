//! Creating requests that are sent twice have one effect.
//!
//! `begin`, the effect and `finish` share one transaction: a twin waits in `begin` until the first one commits and
//! is then given its answer. If the first one rolls back, its key is free again.

use serde_json::Value;
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// A request that carried an `Idempotency-Key`.
#[derive(Debug, Clone, Copy)]
pub struct Keyed<'a> {
    /// Keys of different routes are different keys.
    pub route: &'a str,
    pub key: &'a str,
    /// SHA-256 of the body.
    pub body_hash: [u8; 32],
}

/// How a request goes on.
#[derive(Debug, Clone, PartialEq)]
pub enum Begin {
    /// First of its key: do it, then `finish`.
    Fresh,
    /// Done before: give this answer again.
    Replay { status: u16, response: Value },
    /// The key was used with another body.
    Mismatch,
}

#[derive(FromRow)]
struct Row {
    body_hash: Vec<u8>,
    status: Option<i16>,
    response: Option<Value>,
}

/// Takes the key, or finds what was answered under it. Keys are forgotten after a day.
///
/// # Errors
/// When the database fails.
pub async fn begin(tenant: &mut Tenant, request: &Keyed<'_>) -> Result<Begin> {
    sqlx::query("DELETE FROM idempotency_keys WHERE created_at < now() - interval '24 hours'")
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("idempotency_keys.forget"))?;
    let taken = sqlx::query(
        "INSERT INTO idempotency_keys (org_id, route, key, body_hash) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(tenant.org().0)
    .bind(request.route)
    .bind(request.key)
    .bind(&request.body_hash[..])
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("idempotency_keys.take"))?;
    if taken.rows_affected() == 1 {
        return Ok(Begin::Fresh);
    }
    let row: Row = sqlx::query_as(
        "SELECT body_hash, status, response FROM idempotency_keys WHERE route = $1 AND key = $2",
    )
    .bind(request.route)
    .bind(request.key)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("idempotency_keys.find"))?;
    if row.body_hash != request.body_hash {
        return Ok(Begin::Mismatch);
    }
    let status = u16::try_from(row.status.unwrap_or(200)).map_err(Error::stored("idempotency_keys.find"))?;
    Ok(Begin::Replay { status, response: row.response.unwrap_or_default() })
}

/// Keeps the answer for twins.
///
/// # Errors
/// When the database fails.
pub async fn finish(tenant: &mut Tenant, request: &Keyed<'_>, status: u16, response: &Value) -> Result<()> {
    sqlx::query("UPDATE idempotency_keys SET status = $3, response = $4 WHERE route = $1 AND key = $2")
        .bind(request.route)
        .bind(request.key)
        .bind(i16::try_from(status).unwrap_or(i16::MAX))
        .bind(response)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("idempotency_keys.finish"))?;
    Ok(())
}
