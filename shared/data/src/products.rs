//! Products and what vendors call them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Product, ProductAlias, ProductKind};
use rust_decimal::Decimal;

use crate::{Error, Result, Tenant, catalogue::ImportCounts};

/// A product as a catalogue states it, with all its aliases at the vendors of that catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueProduct {
    pub product: Product,
    pub list_price_eur: Option<Decimal>,
    /// (vendor, alias)
    pub aliases: BTreeSet<(String, String)>,
}

/// Word of a kind in the database.
fn kind_word(kind: ProductKind) -> &'static str {
    match kind {
        ProductKind::Regular => "regular",
        ProductKind::Tester => "tester",
        ProductKind::Sample => "sample",
        ProductKind::Advent => "advent",
        ProductKind::Gift => "gift",
    }
}

/// Takes a catalogue: its products are written, and their aliases at `vendors` are replaced by the stated ones.
/// Each EAN and each alias occurs once. An alias that another product had moves.
///
/// # Errors
/// When the database fails.
pub async fn import(
    tenant: &mut Tenant,
    catalogue: &[CatalogueProduct],
    vendors: &[String],
) -> Result<ImportCounts> {
    let changed = upsert(tenant, catalogue).await?;
    let realiased = replace_aliases(tenant, catalogue, vendors).await?;
    let created = changed.values().filter(|created| **created).count();
    let touched: BTreeSet<&String> = changed.keys().chain(&realiased).collect();
    Ok(ImportCounts::new(catalogue.len(), created, touched.len() - created))
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
             list_price_eur = EXCLUDED.list_price_eur, active = EXCLUDED.active, updated_at = now()
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

/// The EANs whose aliases changed.
async fn replace_aliases(
    tenant: &mut Tenant,
    catalogue: &[CatalogueProduct],
    vendors: &[String],
) -> Result<Vec<String>> {
    let (mut eans, mut alias_vendors, mut aliases) = (Vec::new(), Vec::new(), Vec::new());
    for row in catalogue {
        for (vendor, alias) in &row.aliases {
            eans.push(row.product.ean.as_str());
            alias_vendors.push(vendor.as_str());
            aliases.push(alias.as_str());
        }
    }
    let products: Vec<&str> = catalogue.iter().map(|row| row.product.ean.as_str()).collect();
    let mut changed: Vec<String> = sqlx::query_scalar(
        "DELETE FROM product_aliases
         WHERE ean = ANY($1) AND vendor = ANY($2)
             AND (vendor, alias) NOT IN (SELECT * FROM unnest($3::text[], $4::text[]))
         RETURNING ean",
    )
    .bind(products)
    .bind(vendors)
    .bind(&alias_vendors)
    .bind(&aliases)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_aliases.delete"))?;
    let written: Vec<String> = sqlx::query_scalar(
        "INSERT INTO product_aliases (org_id, vendor, alias, ean)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
         ON CONFLICT (org_id, vendor, alias) DO UPDATE SET ean = EXCLUDED.ean
         WHERE product_aliases.ean <> EXCLUDED.ean
         RETURNING ean",
    )
    .bind(tenant.org().0)
    .bind(alias_vendors)
    .bind(aliases)
    .bind(eans)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_aliases.upsert"))?;
    changed.extend(written);
    Ok(changed)
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

/// All aliases, by vendor.
///
/// # Errors
/// When the database fails.
pub async fn all_aliases(tenant: &mut Tenant) -> Result<Vec<ProductAlias>> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT vendor, alias, ean FROM product_aliases ORDER BY vendor, alias")
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("product_aliases.all"))?;
    Ok(rows.into_iter().map(|(vendor, alias, ean)| ProductAlias { vendor, alias, ean: Some(ean) }).collect())
}
