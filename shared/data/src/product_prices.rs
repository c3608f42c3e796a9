//! List prices in euro and from when to when they hold.

use chrono::NaiveDate;
use domain::ListPrice;
use rust_decimal::Decimal;
use sqlx::FromRow;

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
             valid_to = EXCLUDED.valid_to
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
