//! Takes a completed upload back.

use domain::{UploadId, UserId};

use super::{
    apply::{self, Scope},
    moves, rows, statements,
};
use crate::{Error, Result, Tenant, catalogue, rollup};

/// Rows of the main cut, before against after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// Counted and count no more.
    pub removed: u64,
    /// Were replaced by this upload and count again.
    pub restored: u64,
    /// Stated by this upload and still counting, because another upload says the same.
    pub kept: u64,
}

/// Takes an upload back and brings back exactly what it replaced. `None` when it is not completed.
///
/// # Errors
/// When the database fails.
pub async fn undo(tenant: &mut Tenant, upload: UploadId, by: UserId) -> Result<Option<Undone>> {
    let completed: Option<(Option<String>, i32)> =
        sqlx::query_as("SELECT vendor, reading FROM uploads WHERE id = $1 AND status = 'completed'")
            .bind(upload.0)
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("booking.find_completed"))?;
    let Some((Some(vendor), reading)) = completed else { return Ok(None) };
    catalogue::share(tenant).await?;
    apply::lock_vendor(tenant, &vendor).await?;
    let scope = Scope { upload, reading, vendor: &vendor };
    let counting = counting_rows(tenant, scope).await?;
    let undone = sqlx::query(
        "UPDATE uploads SET status = 'undone', undone_at = now(), undone_by = $2 WHERE id = $1 AND status = 'completed'",
    )
    .bind(upload.0)
    .bind(by.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.mark_undone"))?;
    if undone.rows_affected() == 0 {
        // Somebody else took it back while this transaction waited for the lock.
        return Ok(None);
    }
    moves::begin(tenant, scope).await?;
    statements::settle(tenant, scope).await?;
    moves::end(tenant, scope).await?;
    rows::settle_entries(tenant, scope).await?;
    let lines = rows::settle_lines(tenant, scope).await?;
    rows::sum_up_moved(tenant, &vendor).await?;
    rollup::recompute(tenant, &vendor, &lines.dates).await?;
    let (gone, back) = moves::counts(tenant).await?;
    let removed = (gone + lines.removed).unsigned_abs();
    Ok(Some(Undone {
        removed,
        restored: (back + lines.restored).unsigned_abs(),
        kept: counting.saturating_sub(removed),
    }))
}

/// Rows that count and that the upload states: its own, or equal ones of another upload.
async fn counting_rows(tenant: &mut Tenant, scope: Scope<'_>) -> Result<u64> {
    let rows: i64 = sqlx::query_scalar(
        "SELECT (
             SELECT coalesce(sum(said.records), 0)::bigint FROM reporting_periods said
             WHERE said.org_id = $1 AND said.upload_id = $2 AND said.cut = 'main' AND said.version IS NOT NULL
                 AND EXISTS (
                     SELECT FROM reporting_periods counting
                     WHERE counting.org_id = $1 AND counting.vendor = $3 AND counting.cut = 'main' AND counting.active
                         AND counting.period_start = said.period_start AND counting.period_end = said.period_end
                         AND counting.version = said.version
                 )
         ) + (
             SELECT count(*) FROM ecommerce_orders counting
             WHERE counting.org_id = $1 AND counting.vendor = $3 AND counting.active
                 AND (counting.line_key, counting.content_hash) IN (
                     SELECT line_key, content_hash FROM ecommerce_orders
                     WHERE org_id = $1 AND upload_id = $2 AND reading = $4
                 )
         )",
    )
    .bind(tenant.org().0)
    .bind(scope.upload.0)
    .bind(scope.vendor)
    .bind(scope.reading)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.count_rows"))?;
    Ok(rows.unsigned_abs())
}
