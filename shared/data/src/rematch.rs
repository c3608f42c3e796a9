//! Restates booked rows when something that they follow from has changed: an alias, a product, a price, a rate.
//!
//! Rows of the history are restated as well, so that an undo brings back rows that are as true as the others. The rules
//! are those of reading a file (`domain::Reference`): afterwards the rows are what the same files would give today.

mod concluded;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::{PrintedProduct, ProductMatch, Reference, UploadId};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{Error, Result, Tenant, booking, reference, rollup};

/// Where rows are.
const TABLES: [&str; 2] = ["sellout_entries", "ecommerce_orders"];

/// What changed.
#[derive(Debug, Default)]
pub(crate) struct Cause<'a> {
    /// Words that products are found by: of one vendor, or of all.
    pub(crate) words: Option<Words<'a>>,
    /// EANs of products whose kind changed.
    pub(crate) products: &'a [String],
    /// EANs whose list price changed.
    pub(crate) prices: &'a [String],
    /// Months and currencies whose rate changed.
    pub(crate) rates: &'a [(NaiveDate, String)],
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Words<'a> {
    OfVendor(&'a str),
    OfAll,
}

/// What of the books changed, besides rows.
#[derive(Debug, Default)]
struct Moved {
    rows: u64,
    days: BTreeMap<String, BTreeSet<NaiveDate>>,
    /// Periods of vendors with rows whose derived amounts changed.
    revalued: BTreeSet<(String, NaiveDate, NaiveDate)>,
}

/// A distinct product as rows print it, and what it was taken for.
struct Identity {
    vendor: String,
    /// The JSON that the rows are compared by.
    text: String,
    ean: Option<String>,
    matched: Option<ProductMatch>,
}

/// Restates all rows that follow from the cause; the number of rows that changed. The caller holds `catalogue::lock`.
pub(crate) async fn run(tenant: &mut Tenant, cause: &Cause<'_>) -> Result<u64> {
    let reference = Reference::new(&reference::load(tenant).await?);
    let changed = match cause.words {
        Some(words) => other_products(tenant, &reference, words).await?,
        None => Vec::new(),
    };
    let mut moved = Moved::default();
    for table in TABLES {
        touch(tenant, table, &changed, cause).await?;
        concluded::conclude(tenant, table, &reference, &mut moved).await?;
    }
    for (vendor, days) in &moved.days {
        rollup::recompute(tenant, vendor, &Vec::from_iter(days.iter().copied())).await?;
    }
    resum(tenant, moved.revalued).await?;
    Ok(moved.rows)
}

/// A statement on one of the tables of rows.
fn on(table: &str, statement: &'static str) -> AssertSqlSafe<String> {
    AssertSqlSafe(statement.replace("{rows}", table))
}

/// What of the printed products stands for something else now.
async fn other_products(
    tenant: &mut Tenant,
    reference: &Reference,
    words: Words<'_>,
) -> Result<Vec<Identity>> {
    type Printed =
        (Option<String>, Option<Vec<String>>, Option<String>, Option<String>, Option<String>, Option<String>);
    let vendor = match words {
        Words::OfVendor(vendor) => Some(vendor),
        Words::OfAll => None,
    };
    let identities: Vec<(String, String)> = sqlx::query_as(include_str!("rematch/identities.sql"))
        .bind(tenant.org().0)
        .bind(vendor)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("rematch.identities"))?;
    let mut changed = Vec::new();
    for (vendor, text) in identities {
        let printed: Printed = serde_json::from_str(&text).map_err(Error::stored("rematch.identity"))?;
        let (ean, codes, code, name, product_ean, product_match) = printed;
        let by_ean = product_match.as_deref() == Some(ProductMatch::Printed.as_str());
        let told = code.as_slice();
        let product = PrintedProduct {
            ean: ean.as_deref().or(product_ean.as_deref().filter(|_| by_ean)),
            codes: codes.as_deref().unwrap_or(told),
            name: name.as_deref(),
        };
        let (ean, matched) = match reference.match_product(&vendor, &product) {
            Some(found) => (found.ean, Some(found.by)),
            None => (None, None),
        };
        if ean != product_ean || matched.map(ProductMatch::as_str) != product_match.as_deref() {
            changed.push(Identity { vendor, text, ean, matched });
        }
    }
    Ok(changed)
}

/// Notes the rows to conclude anew, with their product.
async fn touch(tenant: &mut Tenant, table: &str, changed: &[Identity], cause: &Cause<'_>) -> Result<()> {
    sqlx::raw_sql(
        "DROP TABLE IF EXISTS pg_temp.touched;
         CREATE TEMP TABLE touched (id uuid PRIMARY KEY, ean text, match text) ON COMMIT DROP",
    )
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("rematch.create_touched"))?;
    if !changed.is_empty() {
        sqlx::query(on(table, include_str!("rematch/touch_identities.sql")))
            .bind(tenant.org().0)
            .bind(changed.iter().map(|identity| identity.vendor.as_str()).collect::<Vec<_>>())
            .bind(changed.iter().map(|identity| identity.text.as_str()).collect::<Vec<_>>())
            .bind(changed.iter().map(|identity| identity.ean.as_deref()).collect::<Vec<_>>())
            .bind(
                changed.iter().map(|identity| identity.matched.map(ProductMatch::as_str)).collect::<Vec<_>>(),
            )
            .execute(&mut **tenant)
            .await
            .map_err(Error::query("rematch.touch_identities"))?;
    }
    if !(cause.products.is_empty() && cause.prices.is_empty() && cause.rates.is_empty()) {
        sqlx::query(on(table, include_str!("rematch/touch_products.sql")))
            .bind(tenant.org().0)
            .bind(cause.products)
            .bind(cause.prices)
            .bind(cause.rates.iter().map(|(month, _)| *month).collect::<Vec<_>>())
            .bind(cause.rates.iter().map(|(_, currency)| currency.as_str()).collect::<Vec<_>>())
            .execute(&mut **tenant)
            .await
            .map_err(Error::query("rematch.touch_products"))?;
    }
    Ok(())
}

/// Sums up anew the statements over revalued rows, and what their uploads report.
async fn resum(tenant: &mut Tenant, revalued: BTreeSet<(String, NaiveDate, NaiveDate)>) -> Result<()> {
    if revalued.is_empty() {
        return Ok(());
    }
    let uploads: Vec<Uuid> = sqlx::query_scalar(include_str!("rematch/resum.sql"))
        .bind(tenant.org().0)
        .bind(revalued.iter().map(|(vendor, ..)| vendor.as_str()).collect::<Vec<_>>())
        .bind(revalued.iter().map(|(_, start, _)| *start).collect::<Vec<_>>())
        .bind(revalued.iter().map(|(.., end)| *end).collect::<Vec<_>>())
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("rematch.resum"))?;
    for upload in BTreeSet::from_iter(uploads) {
        booking::restate_report(tenant, UploadId(upload)).await?;
    }
    Ok(())
}
