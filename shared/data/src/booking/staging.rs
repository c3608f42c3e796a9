//! Takes rows while they are parsed.

use domain::SaleRow;
use sqlx::{AssertSqlSafe, Executor as _};
use tokio::sync::mpsc::Receiver;

use super::line;
use crate::{Error, Result, Tenant};

/// Sent at once: large enough that a message costs little, small beside the memory of the function.
const SEND_BYTES: usize = 256 * 1024;

/// Copies batches of rows into the transaction's temporary table until the channel closes. The table is gone when the
/// transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn stage(tenant: &mut Tenant, mut batches: Receiver<Vec<SaleRow>>) -> Result<()> {
    // Dropped first: an upload that is read twice in one transaction starts anew.
    let create = format!(
        "DROP TABLE IF EXISTS pg_temp.staged; CREATE TEMP TABLE staged ({}) ON COMMIT DROP",
        line::COLUMNS
    );
    tenant
        .execute(sqlx::raw_sql(AssertSqlSafe(create)))
        .await
        .map_err(Error::query("booking.create_staging"))?;
    let mut copy =
        tenant.copy_in_raw("COPY pg_temp.staged FROM STDIN").await.map_err(Error::query("booking.copy"))?;
    let mut buffer = Vec::with_capacity(SEND_BYTES + SEND_BYTES / 4);
    while let Some(batch) = batches.recv().await {
        for row in &batch {
            line::write(&mut buffer, row);
            if buffer.len() >= SEND_BYTES {
                copy.send(buffer.as_slice()).await.map_err(Error::query("booking.copy"))?;
                buffer.clear();
            }
        }
    }
    copy.send(buffer.as_slice()).await.map_err(Error::query("booking.copy"))?;
    copy.finish().await.map_err(Error::query("booking.copy"))?;
    sqlx::query("ANALYZE pg_temp.staged")
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.analyze_staging"))?;
    Ok(())
}
