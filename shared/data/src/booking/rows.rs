//! Moves staged rows into the books and lets the right ones count.

use chrono::NaiveDate;
use sqlx::FromRow;

use super::apply::Scope;
use crate::{Error, Result, Tenant, rollup};

/// What settling order lines moved.
#[derive(Debug, Default, FromRow)]
pub(super) struct Settled {
    /// Days on which lines began or ceased to count.
    pub(super) dates: Vec<NaiveDate>,
    /// Lines that count no more, and that count again; a line replaced by an equal one is neither.
    pub(super) removed: i64,
    pub(super) restored: i64,
}

impl Settled {
    /// Adds the days of the staged rows, which were inserted as they count.
    pub(super) async fn add_staged(&mut self, tenant: &mut Tenant) -> Result<()> {
        let staged: Vec<NaiveDate> =
            sqlx::query_scalar("SELECT DISTINCT coalesce(sale_date, period_end) FROM pg_temp.staged_rows")
                .fetch_all(&mut **tenant)
                .await
                .map_err(Error::query("booking.staged_days"))?;
        self.dates.extend(staged);
        self.dates.sort_unstable();
        self.dates.dedup();
        Ok(())
    }
}

/// Notes the rows of `moving` as moved.
macro_rules! moving {
    ($moving:expr) => {
        concat!("WITH ", $moving, include_str!("note_moved.sql"))
    };
}

/// Writes what the new versions have and closes what they have not. Between the two, the rows that were there begin and
/// cease to count.
pub(super) async fn write_entries(tenant: &mut Tenant, scope: Scope<'_>, restates: bool) -> Result<()> {
    if restates {
        execute(tenant, scope.vendor, "booking.compare_rows", include_str!("differing.sql")).await?;
        sqlx::raw_sql("ANALYZE pg_temp.differing")
            .execute(&mut **tenant)
            .await
            .map_err(Error::query("booking.analyze_differing"))?;
        execute(tenant, scope.vendor, "booking.close_rows", include_str!("close_entries.sql")).await?;
    }
    settle_entries(tenant, scope).await?;
    insert(tenant, scope, concat!(include_str!("insert_entries.sql"), "WHERE base = 0")).await?;
    if restates {
        let missing = moving!(concat!(
            "inserted AS (",
            include_str!("insert_entries.sql"),
            "WHERE base > 0 AND s.id IN (
                 SELECT id FROM (
                     SELECT id, surplus, row_number() OVER (PARTITION BY statement, content_hash ORDER BY id) AS n
                     FROM pg_temp.staged JOIN pg_temp.differing USING (statement, content_hash) WHERE surplus > 0
                 ) AS missing WHERE n <= surplus
             ) RETURNING *),
             moving AS (SELECT * FROM inserted WHERE active) "
        ));
        insert(tenant, scope, missing).await?;
    }
    Ok(())
}

/// Lets rows count exactly when the version that counts has them.
pub(super) async fn settle_entries(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    execute(tenant, scope.vendor, "booking.settle_rows", moving!(include_str!("settle_entries.sql"))).await
}

/// Brings the rollup along: new periods whole, in the others what moved.
pub(super) async fn sum_up_entries(tenant: &mut Tenant, vendor: &str) -> Result<()> {
    let rows = "SELECT coalesce(s.sale_date, period_end) AS counts_on, 'retail' AS channel, stores.store_id, s.store, s.store_kind, s.product_ean,
             s.currency, s.country, s.line_class, 1 AS gain, s.quantity, s.amount_local, s.amount_eur
         FROM pg_temp.staged s
         JOIN pg_temp.statements USING (statement) JOIN pg_temp.moves USING (cut, period_start, period_end)
         LEFT JOIN pg_temp.staged_stores stores ON stores.store = s.store
         WHERE cut = 'main' AND base = 0 AND version = counts";
    if is_summed_up(tenant, vendor).await? {
        rollup::add(tenant, vendor, rows).await?;
    } else {
        rollup::add_new(tenant, vendor, rows).await?;
    }
    sum_up_moved(tenant, vendor).await
}

/// Whether there are sums of the vendor already between the first and the last staged day.
async fn is_summed_up(tenant: &mut Tenant, vendor: &str) -> Result<bool> {
    sqlx::query_scalar(
        "SELECT EXISTS (
             SELECT FROM sales_levels, (
                 SELECT min(coalesce(sale_date, period_end)) AS first_day, max(coalesce(sale_date, period_end)) AS last_day
                 FROM pg_temp.staged JOIN pg_temp.statements USING (statement)
             ) AS days
             WHERE org_id = $1 AND level = 1 AND vendor = $2 AND counts_on BETWEEN first_day AND last_day
         )",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.is_summed_up"))
}

/// Brings the rollup along with the rows that moved.
pub(super) async fn sum_up_moved(tenant: &mut Tenant, vendor: &str) -> Result<()> {
    rollup::add(tenant, vendor, "SELECT 'retail' AS channel, * FROM pg_temp.moved").await?;
    sqlx::query(
        "DELETE FROM sales_rollup WHERE org_id = $1 AND vendor = $2 AND records = 0
             AND counts_on IN (SELECT counts_on FROM pg_temp.moved)",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("booking.drop_empty_sums"))?;
    Ok(())
}

pub(super) async fn insert_lines(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    insert(tenant, scope, include_str!("insert_lines.sql")).await?;
    sqlx::query(include_str!("insert_costs.sql"))
        .bind(tenant.org().0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.insert_costs"))?;
    Ok(())
}

pub(super) async fn settle_lines(tenant: &mut Tenant, scope: Scope<'_>) -> Result<Settled> {
    sqlx::query_as(include_str!("settle_lines.sql"))
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("booking.settle_lines"))
}

async fn insert(tenant: &mut Tenant, scope: Scope<'_>, statement: &'static str) -> Result<()> {
    sqlx::query(statement)
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .bind(scope.reading)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.insert_rows"))?;
    Ok(())
}

async fn execute(
    tenant: &mut Tenant,
    vendor: &str,
    name: &'static str,
    statement: &'static str,
) -> Result<()> {
    sqlx::query(statement)
        .bind(tenant.org().0)
        .bind(vendor)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query(name))?;
    Ok(())
}
