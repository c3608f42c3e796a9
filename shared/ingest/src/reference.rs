//! Catalogue, list prices and exchange rates, indexed for look-ups.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{Currency, ListPrice, Product, Rate, ReferenceData};
use rust_decimal::Decimal;

use crate::text;

/// [`ReferenceData`] indexed by EAN, SKU, alias, name, date and month.
#[derive(Debug, Default)]
pub struct Reference {
    products: HashMap<String, Product>,
    eans_by_sku: HashMap<String, Option<String>>,
    eans_by_name: HashMap<String, Option<String>>,
    /// Vendor, then folded alias.
    aliases: HashMap<String, HashMap<String, Option<String>>>,
    prices: HashMap<String, Vec<ListPrice>>,
    rates: HashMap<(Currency, NaiveDate), Rate>,
}

impl Reference {
    /// Indexes the reference data. A SKU, name or alias that stands for two products matches none.
    #[must_use]
    pub fn new(data: &ReferenceData) -> Self {
        let mut index = Self::default();
        for product in &data.products {
            if let Some(sku) = &product.sku {
                insert_unique(&mut index.eans_by_sku, text::fold(sku), &product.ean);
            }
            if let Some(name) = &product.name {
                insert_unique(&mut index.eans_by_name, text::compact(name), &product.ean);
            }
            index.products.insert(product.ean.clone(), product.clone());
        }
        for alias in &data.aliases {
            let of_vendor = index.aliases.entry(alias.vendor.clone()).or_default();
            insert_unique(of_vendor, fold_alias(&alias.alias), &alias.ean);
        }
        for price in &data.prices {
            index.prices.entry(price.ean.clone()).or_default().push(price.clone());
        }
        for rate in &data.rates {
            index.rates.insert((rate.currency, rate.month), rate.clone());
        }
        index
    }

    /// The product with this EAN.
    #[must_use]
    pub fn product(&self, ean: &str) -> Option<&Product> {
        self.products.get(ean)
    }

    /// EAN behind a vendor's own name or code.
    #[must_use]
    pub fn ean_by_alias(&self, vendor: &str, alias: &str) -> Option<&str> {
        self.aliases.get(vendor)?.get(&fold_alias(alias))?.as_deref()
    }

    /// EAN behind a SKU, whatever its case.
    #[must_use]
    pub fn ean_by_sku(&self, sku: &str) -> Option<&str> {
        self.eans_by_sku.get(&text::fold(sku))?.as_deref()
    }

    /// EAN of the only product with this name, comparing letters and digits only.
    #[must_use]
    pub fn ean_by_name(&self, name: &str) -> Option<&str> {
        self.eans_by_name.get(&text::compact(name))?.as_deref()
    }

    /// List price in euro including VAT on a day.
    #[must_use]
    pub fn list_price(&self, ean: &str, day: NaiveDate) -> Option<Decimal> {
        let valid = |price: &&ListPrice| {
            price.valid_from <= day && price.valid_to.is_none_or(|last_day| day <= last_day)
        };
        self.prices.get(ean)?.iter().find(valid).map(|price| price.price_eur)
    }

    /// Exchange rate of a month, given by its first day. The euro is always 1.
    #[must_use]
    pub fn rate(&self, currency: Currency, month: NaiveDate) -> Option<Rate> {
        if currency == Currency::EUR {
            return Some(Rate { month, currency, eur_per_unit: Decimal::ONE, source: "identity".to_owned() });
        }
        self.rates.get(&(currency, month)).cloned()
    }
}

/// `None` marks a key that stands for two different products.
fn insert_unique(index: &mut HashMap<String, Option<String>>, key: String, ean: &str) {
    if key.is_empty() {
        return;
    }
    let known = index.entry(key).or_insert_with(|| Some(ean.to_owned()));
    if known.as_deref() != Some(ean) {
        *known = None;
    }
}

/// Vendors print the same code with and without the word that marks its total row.
fn fold_alias(alias: &str) -> String {
    let folded = text::fold(alias);
    folded.strip_suffix(" total").map(str::to_owned).unwrap_or(folded)
}
