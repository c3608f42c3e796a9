//! How often something was done of late, shared by all instances.

use sqlx::PgConnection;

use crate::{Error, Result};

/// What is counted, hashed: of whom it is, is no matter of the database.
pub type Bucket = [u8; 32];

/// A count after this request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub used: u32,
    /// Until the window ends and the count begins anew.
    pub resets_in_s: u32,
}

/// Counts one request in each bucket, whose window has so many seconds. Exact, whoever counts at the same time; the
/// answers come in the order of the buckets.
///
/// # Errors
/// When the database fails.
pub async fn count(service: &mut PgConnection, buckets: &[(Bucket, u32)]) -> Result<Vec<Counted>> {
    let keys: Vec<&[u8]> = buckets.iter().map(|(bucket, _)| &bucket[..]).collect();
    let seconds: Vec<i32> =
        buckets.iter().map(|(_, seconds)| i32::try_from(*seconds).unwrap_or(i32::MAX)).collect();
    let rows: Vec<(Vec<u8>, i32, i32)> = sqlx::query_as("SELECT * FROM service.count_request($1, $2)")
        .bind(keys)
        .bind(seconds)
        .fetch_all(service)
        .await
        .map_err(Error::query("rate_windows.count"))?;
    let counted = |bucket: &Bucket| {
        let row = rows.iter().find(|row| row.0 == bucket);
        row.map(|(_, used, resets_in)| Counted {
            used: used.unsigned_abs(),
            resets_in_s: resets_in.unsigned_abs(),
        })
    };
    Ok(buckets.iter().filter_map(|(bucket, _)| counted(bucket)).collect())
}

/// Forgets windows that have ended.
///
/// # Errors
/// When the database fails.
pub async fn forget(service: &mut PgConnection) -> Result<()> {
    sqlx::query("SELECT service.forget_rate_windows()")
        .execute(service)
        .await
        .map_err(Error::query("rate_windows.forget"))?;
    Ok(())
}
