//! How much an organisation may use, and has used.

use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Announced files, a day.
    Files,
    /// Their announced sizes, a day.
    Bytes,
    /// In and out, a month.
    AiTokens,
}

impl Quota {
    fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Bytes => "bytes",
            Self::AiTokens => "ai_tokens",
        }
    }
}

/// Whether there was enough, of how much, and when it is counted anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Used {
    pub granted: bool,
    pub quota: i64,
    /// Seconds until the day or month ends.
    pub ends_in: i64,
}

/// Uses so much of a quota, unless that is more than is left. Counted when the transaction commits, and exact whoever uses
/// it at the same time.
///
/// `limit` is what an organisation has that was given no quota of its own.
///
/// # Errors
/// When the database fails.
pub async fn take(tenant: &mut Tenant, quota: Quota, amount: i64, limit: u64) -> Result<Used> {
    count(tenant, quota, amount, Some(i64::try_from(limit).unwrap_or(i64::MAX))).await
}

/// Corrects what was taken beforehand by what it came to: `rest` more or, negative, less.
///
/// # Errors
/// When the database fails.
pub async fn settle(tenant: &mut Tenant, quota: Quota, rest: i64) -> Result<()> {
    // Whatever was used was used.
    count(tenant, quota, rest, None).await?;
    Ok(())
}

async fn count(tenant: &mut Tenant, quota: Quota, amount: i64, limit: Option<i64>) -> Result<Used> {
    sqlx::query_as("SELECT granted, quota, ends_in FROM service.use_quota($1, $2, $3)")
        .bind(quota.as_str())
        .bind(amount)
        .bind(limit)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("quotas.take"))
}
