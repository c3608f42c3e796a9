//! How often something was done of late, shared by all instances.

use domain::OrgId;
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
    let (keys, seconds) = split(buckets);
    let rows: Vec<(Vec<u8>, i32, i32)> = sqlx::query_as("SELECT * FROM service.count_request($1, $2)")
        .bind(keys)
        .bind(seconds)
        .fetch_all(service)
        .await
        .map_err(Error::query("rate_windows.count"))?;
    Ok(in_order(buckets, rows))
}

/// Counts a request of an organisation as [`count`] does, and says how far its books are, as
/// [`data_versions::of`](crate::data_versions::of) would: every request needs the one, and questions the other.
///
/// # Errors
/// When the database fails.
pub async fn admit(
    service: &mut PgConnection,
    org: OrgId,
    buckets: &[(Bucket, u32)],
) -> Result<(Vec<Counted>, Option<i64>)> {
    let (keys, seconds) = split(buckets);
    let rows: Vec<(Vec<u8>, i32, i32, i64)> = sqlx::query_as("SELECT * FROM service.admit($1, $2, $3)")
        .bind(org.0)
        .bind(keys)
        .bind(seconds)
        .fetch_all(service)
        .await
        .map_err(Error::query("rate_windows.admit"))?;
    let version = rows.first().map(|row| row.3);
    let rows = rows.into_iter().map(|(bucket, used, resets_in, _)| (bucket, used, resets_in)).collect();
    Ok((in_order(buckets, rows), version))
}

fn split(buckets: &[(Bucket, u32)]) -> (Vec<&[u8]>, Vec<i32>) {
    let seconds = |seconds: u32| i32::try_from(seconds).unwrap_or(i32::MAX);
    buckets.iter().map(|(bucket, length)| (&bucket[..], seconds(*length))).unzip()
}

fn in_order(buckets: &[(Bucket, u32)], rows: Vec<(Vec<u8>, i32, i32)>) -> Vec<Counted> {
    let counted = |bucket: &Bucket| {
        let row = rows.iter().find(|row| row.0 == bucket);
        row.map(|(_, used, resets_in)| Counted {
            used: used.unsigned_abs(),
            resets_in_s: resets_in.unsigned_abs(),
        })
    };
    buckets.iter().filter_map(|(bucket, _)| counted(bucket)).collect()
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
