//! What an organisation knows beforehand: catalogue, aliases, list prices, exchange rates.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{BuyerKey, Currency};

/// What kind of article a product is, as far as line classes depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// Sold on the shelf: fragrance, candle, set …
    Regular,
    Tester,
    /// 2 ml articles.
    Sample,
    /// Pieces of an advent calendar.
    Advent,
    /// Gift with purchase.
    Gift,
}

/// A product of the brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Product {
    /// 13 digits, zero-filled.
    pub ean: String,
    pub sku: Option<String>,
    pub name: Option<String>,
    /// As given by the organisation, for example `fragrance`.
    pub category: Option<String>,
    pub kind: ProductKind,
    /// As given, for example `100` or `6x2`, in ml or g.
    pub size: Option<String>,
    pub active: bool,
}

/// A vendor's own name or code for a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProductAlias {
    pub vendor: String,
    pub alias: String,
    /// `None`: it stands for nothing that the organisation sells.
    pub ean: Option<String>,
}

/// List price in euro including VAT, valid from the first to the last day (inclusive; `None` = open).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ListPrice {
    pub ean: String,
    pub price_eur: Decimal,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
}

/// Euro per unit of a currency in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rate {
    /// First day of the month.
    pub month: NaiveDate,
    pub currency: Currency,
    pub eur_per_unit: Decimal,
    pub source: String,
}

/// Everything an upload is matched, classified and converted with.
#[derive(Debug, Clone, Default)]
pub struct ReferenceData {
    pub products: Vec<Product>,
    pub aliases: Vec<ProductAlias>,
    pub prices: Vec<ListPrice>,
    pub rates: Vec<Rate>,
    /// What buyers of the web shop are told apart with, where the organisation wants that.
    pub buyers: Option<BuyerKey>,
}
