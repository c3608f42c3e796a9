//! What the imports of products, prices and rates share.

use crate::{Error, Result, Tenant};

/// What an import did, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportCounts {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
}

impl ImportCounts {
    pub(crate) fn new(given: usize, created: usize, updated: usize) -> Self {
        Self { created, updated, unchanged: given.saturating_sub(created + updated) }
    }

    /// From the rows an upsert wrote: whether each is new.
    pub(crate) fn of(given: usize, written: &[bool]) -> Self {
        let created = written.iter().filter(|created| **created).count();
        Self::new(given, created, written.len() - created)
    }
}

/// For whoever changes what counts: nothing of the reference data changes until the end of the transaction.
pub(crate) async fn share(tenant: &mut Tenant) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock_shared(hashtextextended('rates' || $1::text, 0))")
        .bind(tenant.org().0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("catalogue.share"))?;
    Ok(())
}

/// One change of the reference data at a time, until the end of the transaction: what was checked stays true. It waits
/// for bookings under way, which read the former data, and keeps new ones waiting.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant) -> Result<()> {
    sqlx::query(
        "SELECT pg_advisory_xact_lock(hashtextextended('catalogue ' || $1::text, 0)),
             pg_advisory_xact_lock(hashtextextended('rates' || $1::text, 0))",
    )
    .bind(tenant.org().0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("catalogue.lock"))?;
    Ok(())
}
