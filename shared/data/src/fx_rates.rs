//! Exchange rates.

use chrono::NaiveDate;
use domain::{Currency, Rate};
use rust_decimal::Decimal;
use sqlx::{FromRow, Row as _, postgres::PgRow};

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
             source = EXCLUDED.source, version = fx_rates.version + 1
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

/// Takes a rate away: what it converted is a gap again. The caller holds `catalogue::lock`.
///
/// # Errors
/// When the database fails.
pub async fn remove(tenant: &mut Tenant, currency: Currency, month: NaiveDate) -> Result<()> {
    sqlx::query("DELETE FROM fx_rates WHERE currency = $1 AND month = $2")
        .bind(currency.as_str())
        .bind(month)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("fx_rates.remove"))?;
    sales::forget_rate(tenant, currency, month).await
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

/// A rate and which version of it this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    pub rate: Rate,
    pub version: i32,
}

impl FromRow<'_, PgRow> for Versioned {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let Row { month, currency, eur_per_unit, source } = Row::from_row(row)?;
        let currency =
            currency.parse().map_err(|error: domain::InvalidCurrency| sqlx::Error::Decode(error.into()))?;
        Ok(Self { rate: Rate { month, currency, eur_per_unit, source }, version: row.try_get("version")? })
    }
}

/// At most `limit` rates by currency and month, of one currency or all, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    currency: Option<Currency>,
    limit: u32,
    after: Option<&(String, NaiveDate)>,
) -> Result<Vec<Versioned>> {
    sqlx::query_as(
        "SELECT month, currency, eur_per_unit, source, version FROM fx_rates
         WHERE org_id = $1 AND ($2::text IS NULL OR currency = $2)
             AND ($3::text IS NULL OR (currency, month) > ($3, $4::date))
         ORDER BY currency, month LIMIT $5",
    )
    .bind(tenant.org().0)
    .bind(currency.map(|currency| currency.as_str().to_owned()))
    .bind(after.map(|(currency, _)| currency.as_str()))
    .bind(after.map(|(_, month)| *month))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("fx_rates.list"))
}

/// The rate of a currency in the month that begins on this day.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, currency: Currency, month: NaiveDate) -> Result<Option<Versioned>> {
    sqlx::query_as(
        "SELECT month, currency, eur_per_unit, source, version FROM fx_rates WHERE currency = $1 AND month = $2",
    )
    .bind(currency.as_str())
    .bind(month)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("fx_rates.find"))
}
