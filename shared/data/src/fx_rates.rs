//! Exchange rates, and the euro amounts that depend on them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::Rate;
use rust_decimal::Decimal;
use sqlx::FromRow;

use crate::{Error, Result, Tenant, catalogue::ImportCounts, rollup};

#[derive(FromRow)]
struct Row {
    month: NaiveDate,
    currency: String,
    eur_per_unit: Decimal,
    source: String,
}

/// Writes rates, and restates the euro amount of every row that one of the changed rates applies to, with the
/// rollup. Month and currency say which rate a row is, and occur once.
///
/// # Errors
/// When the database fails.
pub async fn import(tenant: &mut Tenant, rates: &[Rate]) -> Result<ImportCounts> {
    lock(tenant).await?;
    let written: Vec<(NaiveDate, String, bool)> = sqlx::query_as(
        "INSERT INTO fx_rates (org_id, month, currency, eur_per_unit, source)
         SELECT $1, * FROM unnest($2::date[], $3::text[], $4::numeric[], $5::text[])
         ON CONFLICT (org_id, month, currency) DO UPDATE SET eur_per_unit = EXCLUDED.eur_per_unit,
             source = EXCLUDED.source
         WHERE (fx_rates.eur_per_unit, fx_rates.source) IS DISTINCT FROM (EXCLUDED.eur_per_unit, EXCLUDED.source)
         RETURNING new.month, new.currency, old.month IS NULL",
    )
    .bind(tenant.org().0)
    .bind(rates.iter().map(|rate| rate.month).collect::<Vec<_>>())
    .bind(rates.iter().map(|rate| rate.currency.as_str()).collect::<Vec<_>>())
    .bind(rates.iter().map(|rate| rate.eur_per_unit).collect::<Vec<_>>())
    .bind(rates.iter().map(|rate| rate.source.as_str()).collect::<Vec<_>>())
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("fx_rates.import"))?;
    let created: Vec<bool> = written.iter().map(|(_, _, created)| *created).collect();
    restate(tenant, written.into_iter().map(|(month, currency, _)| (month, currency)).unzip()).await?;
    Ok(ImportCounts::of(rates.len(), &created))
}

/// Waits for the bookings under way, which read the former rates, and keeps new ones out.
async fn lock(tenant: &mut Tenant) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('rates' || $1::text, 0))")
        .bind(tenant.org().0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("fx_rates.lock"))?;
    Ok(())
}

/// History is restated too: an undo must bring back rows that are as true as the others.
async fn restate(tenant: &mut Tenant, (months, currencies): (Vec<NaiveDate>, Vec<String>)) -> Result<()> {
    if months.is_empty() {
        return Ok(());
    }
    let mut days: BTreeMap<String, BTreeSet<NaiveDate>> = BTreeMap::new();
    for update in [
        "UPDATE sellout_entries row SET amount_eur = row.amount_local * rate.eur_per_unit, rate = rate.eur_per_unit,
             rate_month = rate.month, rate_source = rate.source
         FROM fx_rates rate JOIN unnest($1::date[], $2::text[]) AS changed (month, currency)
             ON changed.month = rate.month AND changed.currency = rate.currency
         WHERE row.currency = changed.currency AND date_trunc('month', row.period_end)::date = changed.month
         RETURNING row.vendor, row.counts_on",
        "UPDATE ecommerce_orders row SET amount_eur = row.amount_local * rate.eur_per_unit, rate = rate.eur_per_unit,
             rate_month = rate.month, rate_source = rate.source
         FROM fx_rates rate JOIN unnest($1::date[], $2::text[]) AS changed (month, currency)
             ON changed.month = rate.month AND changed.currency = rate.currency
         WHERE row.currency = changed.currency AND date_trunc('month', row.period_end)::date = changed.month
         RETURNING row.vendor, row.counts_on",
    ] {
        let rows: Vec<(String, NaiveDate)> = sqlx::query_as(update)
            .bind(&months)
            .bind(&currencies)
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("fx_rates.restate"))?;
        for (vendor, day) in rows {
            days.entry(vendor).or_default().insert(day);
        }
    }
    for (vendor, days) in days {
        rollup::recompute(tenant, &vendor, &Vec::from_iter(days)).await?;
    }
    Ok(())
}

/// All rates.
///
/// # Errors
/// When the database fails.
pub async fn all(tenant: &mut Tenant) -> Result<Vec<Rate>> {
    let rows: Vec<Row> =
        sqlx::query_as("SELECT month, currency, eur_per_unit, source FROM fx_rates ORDER BY currency, month")
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("fx_rates.all"))?;
    rows.into_iter()
        .map(|row| {
            let Row { month, currency, eur_per_unit, source } = row;
            let currency = currency.parse().map_err(Error::stored("fx_rates.all"))?;
            Ok(Rate { month, currency, eur_per_unit, source })
        })
        .collect()
}
