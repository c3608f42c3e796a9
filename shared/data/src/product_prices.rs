//! List prices in euro and from when to when they hold.

use chrono::NaiveDate;
use domain::ListPrice;
use rust_decimal::Decimal;
use sqlx::{FromRow, Row as _, postgres::PgRow};

use crate::{
    Error, Result, Tenant,
    catalogue::ImportCounts,
    rematch::{self, Cause},
};

#[derive(FromRow)]
struct Row {
    ean: String,
    price_eur: Decimal,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

impl From<Row> for ListPrice {
    fn from(row: Row) -> Self {
        let Row { ean, price_eur, valid_from, valid_to } = row;
        Self { ean, price_eur, valid_from, valid_to }
    }
}

/// Writes prices; product and first day say which price a row is.
///
/// Booked rows that are valued by them, or that were given
/// away going by them, follow. The caller has seen to it, under `catalogue::lock`, that no two ranges of a product overlap.
///
/// # Errors
/// When the database fails.
pub async fn import(tenant: &mut Tenant, prices: &[ListPrice]) -> Result<ImportCounts> {
    let written: Vec<(String, bool)> = sqlx::query_as(
        "INSERT INTO product_prices (org_id, ean, price_eur, valid_from, valid_to)
         SELECT $1, * FROM unnest($2::text[], $3::numeric[], $4::date[], $5::date[])
         ON CONFLICT (org_id, ean, valid_from) DO UPDATE SET price_eur = EXCLUDED.price_eur,
             valid_to = EXCLUDED.valid_to, version = product_prices.version + 1
         WHERE (product_prices.price_eur, product_prices.valid_to)
             IS DISTINCT FROM (EXCLUDED.price_eur, EXCLUDED.valid_to)
         RETURNING new.ean, old.ean IS NULL",
    )
    .bind(tenant.org().0)
    .bind(prices.iter().map(|price| price.ean.as_str()).collect::<Vec<_>>())
    .bind(prices.iter().map(|price| price.price_eur).collect::<Vec<_>>())
    .bind(prices.iter().map(|price| price.valid_from).collect::<Vec<_>>())
    .bind(prices.iter().map(|price| price.valid_to).collect::<Vec<_>>())
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_prices.import"))?;
    let (changed, created): (Vec<String>, Vec<bool>) = written.into_iter().unzip();
    if !changed.is_empty() {
        rematch::run(tenant, &Cause { prices: &changed, ..Cause::default() }).await?;
    }
    Ok(ImportCounts::of(prices.len(), &created))
}

/// The prices of these products.
///
/// # Errors
/// When the database fails.
pub async fn of_products(tenant: &mut Tenant, eans: &[&str]) -> Result<Vec<ListPrice>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT ean, price_eur, valid_from, valid_to FROM product_prices WHERE ean = ANY($1)
         ORDER BY ean, valid_from",
    )
    .bind(eans)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_prices.of_products"))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// All prices.
///
/// # Errors
/// When the database fails.
pub async fn all(tenant: &mut Tenant) -> Result<Vec<ListPrice>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT ean, price_eur, valid_from, valid_to FROM product_prices ORDER BY ean, valid_from",
    )
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_prices.all"))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// A price and which version of it this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    pub price: ListPrice,
    pub version: i32,
}

impl FromRow<'_, PgRow> for Versioned {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self { price: Row::from_row(row)?.into(), version: row.try_get("version")? })
    }
}

/// At most `limit` prices by product and first day, of one product or those that hold on a day, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    (ean, on): (Option<&str>, Option<NaiveDate>),
    limit: u32,
    after: Option<&(String, NaiveDate)>,
) -> Result<Vec<Versioned>> {
    sqlx::query_as(
        "SELECT ean, price_eur, valid_from, valid_to, version FROM product_prices
         WHERE org_id = $1 AND ($2::text IS NULL OR ean = $2)
             AND ($3::date IS NULL OR valid_from <= $3 AND (valid_to IS NULL OR valid_to >= $3))
             AND ($4::text IS NULL OR (ean, valid_from) > ($4, $5::date))
         ORDER BY ean, valid_from LIMIT $6",
    )
    .bind(tenant.org().0)
    .bind(ean)
    .bind(on)
    .bind(after.map(|(ean, _)| ean.as_str()))
    .bind(after.map(|(_, day)| *day))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_prices.list"))
}

/// The price of a product that begins on this day.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, ean: &str, valid_from: NaiveDate) -> Result<Option<Versioned>> {
    sqlx::query_as(
        "SELECT ean, price_eur, valid_from, valid_to, version FROM product_prices WHERE ean = $1 AND valid_from = $2",
    )
    .bind(ean)
    .bind(valid_from)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("product_prices.find"))
}

/// Takes a price away; booked rows that were valued by it follow. The caller holds `catalogue::lock`.
///
/// # Errors
/// When the database fails.
pub async fn remove(tenant: &mut Tenant, ean: &str, valid_from: NaiveDate) -> Result<()> {
    sqlx::query("DELETE FROM product_prices WHERE ean = $1 AND valid_from = $2")
        .bind(ean)
        .bind(valid_from)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("product_prices.remove"))?;
    rematch::run(tenant, &Cause { prices: &[ean.to_owned()], ..Cause::default() }).await?;
    Ok(())
}
