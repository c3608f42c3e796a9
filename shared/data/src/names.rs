//! Everything that has a name in the books, as far as the caller may see it.

use std::collections::BTreeMap;

use domain::metrics::Dimension;
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// A product as people speak of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct NamedProduct {
    pub ean: String,
    pub sku: Option<String>,
    pub name: Option<String>,
    pub size: Option<String>,
    pub category: Option<String>,
}

/// Names and values by which rows can be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Key and name.
    pub vendors: Vec<(String, String)>,
    pub products: Vec<NamedProduct>,
    pub values: BTreeMap<Dimension, Vec<String>>,
}

/// Most values of one dimension: a list that is longer is no list of names.
const VALUES_MAX: i64 = 5_000;

/// All of them.
///
/// # Errors
/// When the database fails.
pub async fn all(tenant: &mut Tenant) -> Result<Names> {
    let vendors = sqlx::query_as("SELECT key, name FROM vendors WHERE org_id = $1 ORDER BY key")
        .bind(tenant.org().0)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("names.vendors"))?;
    let products =
        sqlx::query_as("SELECT ean, sku, name, size, category FROM products WHERE org_id = $1 ORDER BY ean")
            .bind(tenant.org().0)
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("names.products"))?;
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT * FROM (
             SELECT DISTINCT 'store', store FROM sales_levels WHERE org_id = $1 AND level = 4
             UNION ALL SELECT DISTINCT 'country', country FROM sales_levels WHERE org_id = $1 AND level = 4
             UNION ALL SELECT DISTINCT 'currency', currency FROM sales_levels WHERE org_id = $1 AND level = 4
             UNION ALL SELECT DISTINCT 'category', category FROM products WHERE org_id = $1
             UNION ALL SELECT DISTINCT 'size', size FROM products WHERE org_id = $1
             UNION ALL SELECT DISTINCT 'city', city FROM sales WHERE org_id = $1
             UNION ALL SELECT DISTINCT 'utm_source', utm_source FROM ecommerce_orders WHERE org_id = $1 AND active
             UNION ALL SELECT DISTINCT 'utm_medium', utm_medium FROM ecommerce_orders WHERE org_id = $1 AND active
             UNION ALL SELECT DISTINCT 'utm_campaign', utm_campaign FROM ecommerce_orders WHERE org_id = $1 AND active
             UNION ALL SELECT DISTINCT 'device', device FROM ecommerce_orders WHERE org_id = $1 AND active
         ) AS v (dimension, value) WHERE value IS NOT NULL LIMIT $2",
    )
    .bind(tenant.org().0)
    .bind(10 * VALUES_MAX)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("names.values"))?;
    let mut values: BTreeMap<Dimension, Vec<String>> = BTreeMap::new();
    for (dimension, value) in rows {
        if let Ok(dimension) = dimension.parse() {
            values.entry(dimension).or_default().push(value);
        }
    }
    Ok(Names { vendors, products, values })
}
