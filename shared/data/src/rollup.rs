//! `sales_rollup`: the sums of `sales` per day, store and product, kept equal to it by whoever changes what counts. Its triggers keep
//! `sales_levels`, the sums of these sums, but for the orders, which only order lines can tell apart.

use chrono::NaiveDate;
use sqlx::{AssertSqlSafe, Postgres, postgres::PgArguments, query::Query};

use crate::{Error, Result, Tenant};

/// Adds rows: a query for their columns, with `gain` 1 for a row that counts from now on, -1 (and values negated) for
/// one that does not any more. Takes the organisation as $1 and the vendor as $2.
pub(crate) async fn add(tenant: &mut Tenant, vendor: &str, rows: &'static str) -> Result<()> {
    let statement = concat!(include_str!("rollup/sum_up.sql"), include_str!("rollup/add_up.sql"));
    let statement = AssertSqlSafe(statement.replace("{rows}", rows));
    execute(tenant, "rollup.add", sqlx::query(statement).bind(tenant.org().0).bind(vendor)).await
}

/// Adds rows of days on which nothing of the vendor is summed up yet: half the work of looking for each sum first.
/// The caller holds the vendor's lock.
pub(crate) async fn add_new(tenant: &mut Tenant, vendor: &str, rows: &'static str) -> Result<()> {
    let statement = AssertSqlSafe(include_str!("rollup/sum_up.sql").replace("{rows}", rows));
    execute(tenant, "rollup.add_new", sqlx::query(statement).bind(tenant.org().0).bind(vendor)).await
}

/// Sums up anew what counts of a vendor on some days.
pub(crate) async fn recompute(tenant: &mut Tenant, vendor: &str, dates: &[NaiveDate]) -> Result<()> {
    if dates.is_empty() {
        return Ok(());
    }
    let delete =
        sqlx::query("DELETE FROM sales_rollup WHERE org_id = $1 AND vendor = $2 AND counts_on = ANY ($3)")
            .bind(tenant.org().0)
            .bind(vendor)
            .bind(dates);
    execute(tenant, "rollup.delete", delete).await?;
    let statement = include_str!("rollup/sum_up.sql").replace(
        "{rows}",
        "SELECT counts_on, channel, NULL::uuid AS store_id, store, store_kind, product_ean, currency, country, line_class,
             1 AS gain, quantity, amount_local, amount_eur
         FROM sales WHERE org_id = $1 AND vendor = $2 AND counts_on = ANY ($3)",
    );
    let insert = sqlx::query(AssertSqlSafe(statement)).bind(tenant.org().0).bind(vendor).bind(dates);
    execute(tenant, "rollup.insert", insert).await?;
    let count =
        sqlx::query("SELECT wall.count_orders($1, $2, $3)").bind(tenant.org().0).bind(vendor).bind(dates);
    execute(tenant, "rollup.count_orders", count).await
}

async fn execute(
    tenant: &mut Tenant,
    name: &'static str,
    query: Query<'_, Postgres, PgArguments>,
) -> Result<()> {
    query.execute(&mut **tenant).await.map_err(Error::query(name))?;
    Ok(())
}
