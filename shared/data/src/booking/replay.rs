//! Reading a booked file again. The new reading restates the former one of the same upload, like any later file would:
//! what it says alike keeps its rows.

use domain::UploadId;

use super::{
    apply::{self, Scope},
    moves, rows, statements,
};
use crate::{Error, Result, Tenant, rollup, uploads::Upload};

/// Whether an earlier reading of the upload is in the books.
pub(super) async fn is_booked(tenant: &mut Tenant, upload: UploadId) -> Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM reporting_periods WHERE upload_id = $1)")
        .bind(upload.0)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("booking.is_booked"))
}

/// The number of the reading that is being booked. From here on former ones do not count.
pub(super) async fn begin(tenant: &mut Tenant, upload: UploadId) -> Result<i32> {
    sqlx::query_scalar(
        "UPDATE uploads SET reading = reading + (
             SELECT count(*) FROM (SELECT FROM reporting_periods WHERE upload_id = $1 LIMIT 1) AS booked
         )::integer
         WHERE id = $1 RETURNING reading",
    )
    .bind(upload.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.begin_reading"))
}

/// Drops the statements of former readings, once the rows are settled without them. What the first reading replaced is
/// what the upload has replaced.
pub(super) async fn forget_former(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    sqlx::query(
        "UPDATE reporting_periods AS said
         SET replaced_version = former.replaced_version, late = former.late
         FROM reporting_periods AS former
         WHERE said.upload_id = $1 AND said.reading = $2 AND former.upload_id = $1 AND former.reading < $2
             AND (former.cut, former.period_start, former.period_end) = (said.cut, said.period_start, said.period_end)",
    )
    .bind(scope.upload.0)
    .bind(scope.reading)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.carry_replaced"))?;
    sqlx::query("DELETE FROM reporting_periods WHERE upload_id = $1 AND reading < $2")
        .bind(scope.upload.0)
        .bind(scope.reading)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.forget_readings"))?;
    Ok(())
}

/// Takes what is booked of an upload out of the books: somebody has to decide about it anew.
pub(super) async fn withdraw(tenant: &mut Tenant, upload: &Upload) -> Result<()> {
    let Some(vendor) = upload.vendor.as_deref() else { return Ok(()) };
    if !is_booked(tenant, upload.id).await? {
        return Ok(());
    }
    apply::lock_vendor(tenant, vendor).await?;
    let scope = Scope { upload: upload.id, reading: begin(tenant, upload.id).await?, vendor };
    moves::begin(tenant, scope).await?;
    statements::settle(tenant, scope).await?;
    moves::end(tenant, scope).await?;
    rows::settle_entries(tenant, scope).await?;
    let lines = rows::settle_lines(tenant, scope).await?;
    forget_former(tenant, scope).await?;
    rows::sum_up_moved(tenant, vendor).await?;
    rollup::recompute(tenant, vendor, &lines.dates).await
}
