//! Products as they are shown.

use chrono::{DateTime, Utc};
use domain::{Product, ProductKind};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, Row as _, postgres::PgRow};

use super::{kind_word, read_kind};
use crate::{Error, Result, Tenant};

/// A product with what is known besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub product: Product,
    pub list_price_eur: Option<Decimal>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Which products to list; `None` is any.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// A part of the EAN, the SKU or the name, whatever the case.
    #[serde(rename = "q")]
    pub text: Option<String>,
    pub category: Option<String>,
    pub kind: Option<ProductKind>,
    pub active: Option<bool>,
}

/// At most `limit` products by EAN, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<&str>,
) -> Result<Vec<Listed>> {
    sqlx::query_as(
        "SELECT * FROM products
         WHERE org_id = $1 AND ($2::text IS NULL OR ean > $2)
             AND ($3::text IS NULL OR position(lower($3) IN lower(concat_ws(' ', ean, sku, name))) > 0)
             AND ($4::text IS NULL OR category = $4) AND ($5::text IS NULL OR kind = $5)
             AND ($6::boolean IS NULL OR active = $6)
         ORDER BY ean LIMIT $7",
    )
    .bind(tenant.org().0)
    .bind(after)
    .bind(&filter.text)
    .bind(&filter.category)
    .bind(filter.kind.map(kind_word))
    .bind(filter.active)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("products.list"))
}

/// The product with this EAN.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, ean: &str) -> Result<Option<Listed>> {
    sqlx::query_as("SELECT * FROM products WHERE org_id = $1 AND ean = $2")
        .bind(tenant.org().0)
        .bind(ean)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("products.find"))
}

impl FromRow<'_, PgRow> for Listed {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let kind = read_kind(row.try_get("kind")?).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Self {
            product: Product {
                ean: row.try_get("ean")?,
                sku: row.try_get("sku")?,
                name: row.try_get("name")?,
                category: row.try_get("category")?,
                kind,
                size: row.try_get("size")?,
                active: row.try_get("active")?,
            },
            list_price_eur: row.try_get("list_price_eur")?,
            version: row.try_get("version")?,
            created_at: row.try_get("created_at")?,
            updated_at: row.try_get("updated_at")?,
        })
    }
}
