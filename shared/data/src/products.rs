//! Products.

mod listed;

use std::collections::{BTreeMap, BTreeSet};

use domain::{Product, ProductKind, UserId};
use rust_decimal::Decimal;

pub use self::listed::{Filter, Listed, find, list};
use crate::{
    Error, Result, Tenant,
    catalogue::ImportCounts,
    product_aliases,
    rematch::{self, Cause, Words},
};

/// A product as a catalogue states it, with all its aliases at the vendors of that catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueProduct {
    pub product: Product,
    pub list_price_eur: Option<Decimal>,
    /// (vendor, alias)
    pub aliases: BTreeSet<(String, String)>,
}

/// Word of a kind in the database.
pub(crate) fn kind_word(kind: ProductKind) -> &'static str {
    match kind {
        ProductKind::Regular => "regular",
        ProductKind::Tester => "tester",
        ProductKind::Sample => "sample",
        ProductKind::Advent => "advent",
        ProductKind::Gift => "gift",
    }
}

/// Takes a catalogue: its products are written, and their imported aliases at `vendors` are replaced by the stated ones.
///
/// Each EAN and each alias occurs once. An alias that another product had moves. Booked rows follow: those that waited
/// for one of these products have it afterwards. The caller holds `catalogue::lock`.
///
/// # Errors
/// When the database fails.
pub async fn import(
    tenant: &mut Tenant,
    catalogue: &[CatalogueProduct],
    vendors: &[String],
    by: UserId,
) -> Result<ImportCounts> {
    let changed = upsert(tenant, catalogue).await?;
    let stated: Vec<_> = catalogue
        .iter()
        .flat_map(|row| {
            let ean = row.product.ean.as_str();
            row.aliases.iter().map(move |(vendor, alias)| (vendor.as_str(), alias.as_str(), ean))
        })
        .collect();
    let products: Vec<&str> = catalogue.iter().map(|row| row.product.ean.as_str()).collect();
    let realiased = product_aliases::replace(tenant, &stated, &products, vendors, by).await?;
    if !(changed.is_empty() && realiased.is_empty()) {
        let kinds: Vec<String> = changed.keys().cloned().collect();
        let cause = Cause { words: Some(Words::OfAll), products: &kinds, ..Cause::default() };
        rematch::run(tenant, &cause).await?;
    }
    let created = changed.values().filter(|created| **created).count();
    // A product that the catalogue does not mention may have lost an alias; it is none of its rows.
    let products: BTreeSet<&str> = products.into_iter().collect();
    let realiased = realiased.iter().filter(|ean| products.contains(ean.as_str()));
    let touched: BTreeSet<&String> = changed.keys().chain(realiased).collect();
    Ok(ImportCounts::new(catalogue.len(), created, touched.len() - created))
}

/// Which of these EANs the catalogue has.
///
/// # Errors
/// When the database fails.
pub async fn known(tenant: &mut Tenant, eans: &[&str]) -> Result<BTreeSet<String>> {
    let known: Vec<String> = sqlx::query_scalar("SELECT ean FROM products WHERE ean = ANY ($1)")
        .bind(eans)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("products.known"))?;
    Ok(known.into_iter().collect())
}

/// The EANs that were written, and whether they are new.
async fn upsert(tenant: &mut Tenant, catalogue: &[CatalogueProduct]) -> Result<BTreeMap<String, bool>> {
    let column = |field: fn(&Product) -> Option<&str>| -> Vec<Option<&str>> {
        catalogue.iter().map(|row| field(&row.product)).collect()
    };
    let rows: Vec<(String, bool)> = sqlx::query_as(
        "INSERT INTO products (org_id, ean, sku, name, category, kind, size, list_price_eur, active)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
             $8::numeric[], $9::boolean[])
         ON CONFLICT (org_id, ean) DO UPDATE SET sku = EXCLUDED.sku, name = EXCLUDED.name,
             category = EXCLUDED.category, kind = EXCLUDED.kind, size = EXCLUDED.size,
             list_price_eur = EXCLUDED.list_price_eur, active = EXCLUDED.active, updated_at = now(), version = products.version + 1
         WHERE (products.sku, products.name, products.category, products.kind, products.size,
                 products.list_price_eur, products.active)
             IS DISTINCT FROM (EXCLUDED.sku, EXCLUDED.name, EXCLUDED.category, EXCLUDED.kind, EXCLUDED.size,
                 EXCLUDED.list_price_eur, EXCLUDED.active)
         RETURNING new.ean, old.ean IS NULL",
    )
    .bind(tenant.org().0)
    .bind(column(|product| Some(&product.ean)))
    .bind(column(|product| product.sku.as_deref()))
    .bind(column(|product| product.name.as_deref()))
    .bind(column(|product| product.category.as_deref()))
    .bind(column(|product| Some(kind_word(product.kind))))
    .bind(column(|product| product.size.as_deref()))
    .bind(catalogue.iter().map(|row| row.list_price_eur).collect::<Vec<_>>())
    .bind(catalogue.iter().map(|row| row.product.active).collect::<Vec<_>>())
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("products.upsert"))?;
    Ok(rows.into_iter().collect())
}

/// All products, by EAN.
///
/// # Errors
/// When the database fails.
pub async fn all(tenant: &mut Tenant) -> Result<Vec<Product>> {
    type Row = (String, Option<String>, Option<String>, Option<String>, String, Option<String>, bool);
    let rows: Vec<Row> =
        sqlx::query_as("SELECT ean, sku, name, category, kind, size, active FROM products ORDER BY ean")
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("products.all"))?;
    rows.into_iter()
        .map(|(ean, sku, name, category, kind, size, active)| {
            let kind = read_kind(&kind)?;
            Ok(Product { ean, sku, name, category, kind, size, active })
        })
        .collect()
}

fn read_kind(word: &str) -> Result<ProductKind> {
    use ProductKind::{Advent, Gift, Regular, Sample, Tester};
    [Regular, Tester, Sample, Advent, Gift]
        .into_iter()
        .find(|kind| kind_word(*kind) == word)
        .ok_or_else(|| Error::stored("products.kind")(format!("kind {word}")))
}
