//! Categories: words of the catalogue, each there as long as a product has it. Sums by category join the products, so they follow by
//! themselves.

use schemars::JsonSchema;
use serde::Serialize;
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, FromRow)]
pub struct Category {
    pub name: String,
    /// Products that have it, archived ones among them.
    pub products: i64,
}

/// All categories, by name.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant) -> Result<Vec<Category>> {
    sqlx::query_as(
        "SELECT category AS name, count(*) AS products FROM products WHERE category IS NOT NULL GROUP BY category ORDER BY category",
    )
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("categories.list"))
}

/// Gives the products of a category another one; how many there were. Two categories become one where the other exists.
///
/// # Errors
/// When the database fails.
pub async fn rename(tenant: &mut Tenant, name: &str, other: &str) -> Result<u64> {
    let renamed = sqlx::query(
        "UPDATE products SET category = $2, version = version + 1, updated_at = now() WHERE category = $1 AND $1 <> $2",
    )
    .bind(name)
    .bind(other)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("categories.rename"))?;
    Ok(renamed.rows_affected())
}
