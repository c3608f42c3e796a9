//! `sales_daily`: the sums of `sales` per day, kept equal to it by whoever changes what counts.

use chrono::NaiveDate;

use crate::{Error, Result, Tenant};

/// Sums up anew what counts of a vendor on some days.
pub(crate) async fn recompute(tenant: &mut Tenant, vendor: &str, dates: &[NaiveDate]) -> Result<()> {
    if dates.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM sales_daily WHERE org_id = $1 AND vendor = $2 AND counts_on = ANY ($3)")
        .bind(tenant.org().0)
        .bind(vendor)
        .bind(dates)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("rollup.delete"))?;
    sqlx::query(
        "INSERT INTO sales_daily (org_id, vendor, counts_on, store, store_kind, product_ean, currency, country,
             line_class, records, quantity, amount_local, amount_eur)
         SELECT org_id, vendor, counts_on, store, store_kind, product_ean, currency, country, line_class, count(*),
             sum(quantity), sum(amount_local),
             CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END
         FROM sales WHERE org_id = $1 AND vendor = $2 AND counts_on = ANY ($3)
         GROUP BY org_id, vendor, counts_on, store, store_kind, product_ean, currency, country, line_class",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(dates)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("rollup.insert"))?;
    Ok(())
}
