//! What uploads have stated: the yardstick for reading their files with another profile.

use chrono::NaiveDate;
use domain::{Cut, Period, StatedPeriod, UploadId};
use rust_decimal::Decimal;
use sqlx::{FromRow, types::Json};

use super::Upload;
use crate::{Error, Result, Tenant};

/// Completed uploads to test a vendor's profile on, newest first: the vendor's own, then one of every other layout in
/// use. At most `limit` of each kind.
///
/// # Errors
/// When the database fails.
pub async fn list_for_test(tenant: &mut Tenant, vendor: &str, limit: u32) -> Result<Vec<Upload>> {
    let found: Vec<Json<Upload>> = sqlx::query_scalar(
        "(SELECT to_jsonb(u) FROM uploads u
          WHERE org_id = $1 AND vendor = $2 AND status = 'completed'
          ORDER BY id DESC LIMIT $3)
         UNION ALL
         (SELECT to_jsonb(u) FROM (
              SELECT DISTINCT ON (vendor, layout) * FROM uploads
              WHERE org_id = $1 AND vendor <> $2 AND status = 'completed'
              ORDER BY vendor, layout, id DESC
          ) u ORDER BY id DESC LIMIT $3)",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.list_for_test"))?;
    Ok(found.into_iter().map(|Json(upload)| upload).collect())
}

/// At most `limit` uploads that are held because no profile knew their layout, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_held(tenant: &mut Tenant, limit: u32) -> Result<Vec<Upload>> {
    let found: Vec<Json<Upload>> = sqlx::query_scalar(
        "SELECT to_jsonb(u) FROM uploads u
         WHERE org_id = $1 AND status = 'needs_review' AND proposal IS NOT NULL ORDER BY id DESC LIMIT $2",
    )
    .bind(tenant.org().0)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.list_held"))?;
    Ok(found.into_iter().map(|Json(upload)| upload).collect())
}

#[derive(FromRow)]
struct Row {
    cut: String,
    period_start: NaiveDate,
    period_end: NaiveDate,
    currency: String,
    records: i64,
    quantity: Decimal,
    amount_local: Option<Decimal>,
}

/// What an upload stated when it was last booked, every cut, in order of time.
///
/// # Errors
/// When the database fails.
pub async fn stated(tenant: &mut Tenant, upload: UploadId) -> Result<Vec<StatedPeriod>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT cut, period_start, period_end, currency, records, quantity, amount_local
         FROM reporting_periods said JOIN uploads u ON u.id = said.upload_id AND u.reading = said.reading
         WHERE said.org_id = $1 AND said.upload_id = $2 ORDER BY cut, period_start, period_end, currency",
    )
    .bind(tenant.org().0)
    .bind(upload.0)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.stated"))?;
    rows.into_iter().map(StatedPeriod::try_from).collect()
}

/// What counts now about some periods of a vendor, every cut, in order of time.
///
/// # Errors
/// When the database fails.
pub async fn counting(tenant: &mut Tenant, vendor: &str, periods: &[Period]) -> Result<Vec<StatedPeriod>> {
    let rows: Vec<Row> = sqlx::query_as(
        "WITH asked AS (SELECT DISTINCT * FROM unnest($3::date[], $4::date[]) AS t (period_start, period_end))
         SELECT cut, period_start, period_end, currency, records, quantity, amount_local
         FROM reporting_periods JOIN asked USING (period_start, period_end)
         WHERE org_id = $1 AND vendor = $2 AND active AND document_kind <> 'increment'
         UNION ALL
         SELECT $5, period_start, period_end, currency, count(*), coalesce(sum(quantity), 0), sum(amount_local)
         FROM ecommerce_orders JOIN asked USING (period_start, period_end)
         WHERE org_id = $1 AND vendor = $2 AND active
         GROUP BY period_start, period_end, currency
         ORDER BY cut, period_start, period_end, currency",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(periods.iter().map(Period::start).collect::<Vec<_>>())
    .bind(periods.iter().map(Period::end).collect::<Vec<_>>())
    .bind(Cut::MAIN)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("uploads.counting"))?;
    rows.into_iter().map(StatedPeriod::try_from).collect()
}

impl TryFrom<Row> for StatedPeriod {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            cut: Cut(row.cut),
            period: Period::new(row.period_start, row.period_end).map_err(Error::stored("uploads.stated"))?,
            currency: row.currency.parse().map_err(Error::stored("uploads.stated"))?,
            records: row.records.unsigned_abs(),
            quantity: row.quantity,
            amount_local: row.amount_local,
        })
    }
}
