//! The products of the brand.

pub mod create;
pub mod get;
pub mod import;
pub mod list;
pub mod update;

use chrono::{DateTime, NaiveDate, Utc};
use data::{
    Tenant, product_prices,
    products::{self, CatalogueProduct, Listed},
};
use domain::{ListPrice, Product, ProductKind};
use edge::{ApiError, FieldError};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{cells, words};

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Product")]
struct View {
    ean: String,
    sku: Option<String>,
    name: Option<String>,
    category: Option<String>,
    kind: ProductKind,
    size: Option<String>,
    list_price_eur: Option<Decimal>,
    /// `false`: archived; what was sold of it still counts.
    active: bool,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// A list price and the days it holds, both inclusive; `null` is until further notice.
#[derive(Debug, Serialize, JsonSchema)]
struct PriceView {
    price_eur: Decimal,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
}

impl From<Listed> for View {
    fn from(listed: Listed) -> Self {
        let Product { ean, sku, name, category, kind, size, active } = listed.product;
        Self {
            ean,
            sku,
            name,
            category,
            kind,
            size,
            list_price_eur: listed.list_price_eur,
            active,
            version: listed.version,
            created_at: listed.created_at,
            updated_at: listed.updated_at,
        }
    }
}

impl From<ListPrice> for PriceView {
    fn from(price: ListPrice) -> Self {
        Self { price_eur: price.price_eur, valid_from: price.valid_from, valid_to: price.valid_to }
    }
}

/// What callers write about a product, checked.
fn checked(product: Product, price: Option<&str>, fields: &mut Vec<FieldError>) -> CatalogueProduct {
    let texts = [
        ("/sku", &product.sku),
        ("/name", &product.name),
        ("/category", &product.category),
        ("/size", &product.size),
    ];
    for (pointer, text) in texts {
        if let Some(text) = text {
            words::check(pointer, text, words::NAME_CHARS_MAX, fields);
        }
    }
    let list_price_eur = price.and_then(|text| {
        cells::price(text)
            .map_err(|fault| fields.push(FieldError::new("/list_price_eur", fault.code, fault.message)))
            .ok()
    });
    CatalogueProduct { product, list_price_eur, aliases: Default::default() }
}

/// Writes a product; booked rows that waited for it, or whose line class it decides, follow.
async fn write(
    tenant: &mut Tenant,
    product: CatalogueProduct,
    by: domain::UserId,
) -> Result<Listed, ApiError> {
    products::import(tenant, std::slice::from_ref(&product), &[], by).await?;
    products::find(tenant, &product.product.ean).await?.ok_or_else(ApiError::not_found)
}

async fn prices(tenant: &mut Tenant, ean: &str) -> Result<Vec<PriceView>, ApiError> {
    Ok(product_prices::of_products(tenant, &[ean]).await?.into_iter().map(PriceView::from).collect())
}

#[cfg(test)]
mod tests;
