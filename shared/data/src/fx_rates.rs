//! Exchange rates.

use chrono::NaiveDate;
use domain::Rate;
use rust_decimal::Decimal;
use sqlx::FromRow;

use crate::{Error, Result, Tenant, catalogue::ImportCounts, sales};

#[derive(FromRow)]
struct Row {
    month: NaiveDate,
    currency: String,
    eur_per_unit: Decimal,
    source: String,
}

/// Writes rates, and converts everything by them that was booked in their months and currencies. Month and currency say
/// which rate a row is, and occur once. The caller holds `catalogue::lock`.
///
/// # Errors
/// When the database fails.
pub async fn import(tenant: &mut Tenant, rates: &[Rate]) -> Result<ImportCounts> {
    let created: Vec<bool> = sqlx::query_scalar(
        "INSERT INTO fx_rates (org_id, month, currency, eur_per_unit, source)
         SELECT $1, * FROM unnest($2::date[], $3::text[], $4::numeric[], $5::text[])
         ON CONFLICT (org_id, month, currency) DO UPDATE SET eur_per_unit = EXCLUDED.eur_per_unit,
             source = EXCLUDED.source
         WHERE (fx_rates.eur_per_unit, fx_rates.source) IS DISTINCT FROM (EXCLUDED.eur_per_unit, EXCLUDED.source)
         RETURNING old.month IS NULL",
    )
    .bind(tenant.org().0)
    .bind(rates.iter().map(|rate| rate.month).collect::<Vec<_>>())
    .bind(rates.iter().map(|rate| rate.currency.as_str()).collect::<Vec<_>>())
    .bind(rates.iter().map(|rate| rate.eur_per_unit).collect::<Vec<_>>())
    .bind(rates.iter().map(|rate| rate.source.as_str()).collect::<Vec<_>>())
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("fx_rates.import"))?;
    sales::apply_rates(tenant, rates).await?;
    Ok(ImportCounts::of(rates.len(), &created))
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
