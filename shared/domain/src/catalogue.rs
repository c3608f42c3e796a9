//! Catalogue, aliases, list prices and exchange rates, indexed for look-ups: how a row finds its product.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    Buyer, BuyerKey, Currency, ListPrice, Product, Rate, ReferenceData, compact, fold, has_check_digit,
    normalise_ean, words::words,
};

words! {
    /// How the product of a row was found.
    ProductMatch {
        /// The row prints its EAN.
        Printed = "printed",
        /// A name or code of the vendor that stands for the product.
        Alias = "alias",
        Sku = "sku",
        /// The only product of this name.
        Name = "name",
        /// Somebody said that this is not a product of ours.
        Ignored = "ignored",
    }
}

/// What a row prints about its product.
#[derive(Debug, Clone, Copy)]
pub struct PrintedProduct<'a, C> {
    /// Text of the EAN column.
    pub ean: Option<&'a str>,
    /// The vendor's own codes, the most specific first; a SKU of ours last.
    pub codes: &'a [C],
    pub name: Option<&'a str>,
}

/// The product of a row, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// `None` for what is no product.
    pub ean: Option<String>,
    pub by: ProductMatch,
}

/// [`ReferenceData`] indexed by EAN, SKU, alias, name, date and month.
#[derive(Debug, Default)]
pub struct Reference {
    products: HashMap<String, Product>,
    eans_by_sku: HashMap<String, Meaning>,
    eans_by_name: HashMap<String, Meaning>,
    /// Vendor, then folded alias.
    aliases: HashMap<String, HashMap<String, Meaning>>,
    prices: HashMap<String, Vec<ListPrice>>,
    rates: HashMap<(Currency, NaiveDate), Rate>,
    buyers: Option<BuyerKey>,
}

/// What a word stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    Product(String),
    NotAProduct,
    /// Two different products: it decides nothing.
    Ambiguous,
}

impl Reference {
    /// Indexes the reference data. A SKU, name or alias that stands for two products matches none.
    #[must_use]
    pub fn new(data: &ReferenceData) -> Self {
        let mut index = Self::default();
        for product in &data.products {
            let meaning = || Meaning::Product(product.ean.clone());
            if let Some(sku) = &product.sku {
                learn(&mut index.eans_by_sku, fold(sku), meaning());
            }
            if let Some(name) = &product.name {
                learn(&mut index.eans_by_name, compact(name), meaning());
            }
            index.products.insert(product.ean.clone(), product.clone());
        }
        for alias in &data.aliases {
            let of_vendor = index.aliases.entry(alias.vendor.clone()).or_default();
            let meaning = alias.ean.clone().map_or(Meaning::NotAProduct, Meaning::Product);
            learn(of_vendor, alias_key(&alias.alias), meaning);
        }
        for price in &data.prices {
            index.prices.entry(price.ean.clone()).or_default().push(price.clone());
        }
        for rate in &data.rates {
            index.rates.insert((rate.currency, rate.month), rate.clone());
        }
        index.buyers = data.buyers.clone();
        index
    }

    /// The buyer whom a file calls so, where the organisation tells its buyers apart.
    #[must_use]
    pub fn buyer(&self, printed: &str) -> Option<Buyer> {
        self.buyers.as_ref()?.buyer(printed)
    }

    /// The product with this EAN.
    #[must_use]
    pub fn product(&self, ean: &str) -> Option<&Product> {
        self.products.get(ean)
    }

    /// Printed EAN first, then the vendor's own codes, then our SKUs, then names. `None` when nothing matches exactly:
    /// products are never guessed.
    #[must_use]
    pub fn match_product<C: AsRef<str>>(
        &self,
        vendor: &str,
        printed: &PrintedProduct<'_, C>,
    ) -> Option<Matched> {
        let ean = printed.ean.and_then(normalise_ean);
        if let Some(ean) = ean.as_ref().filter(|ean| self.products.contains_key(*ean)) {
            return Some(Matched { ean: Some(ean.clone()), by: ProductMatch::Printed });
        }
        let alias = |text: &str| found(self.aliases.get(vendor)?.get(&alias_key(text))?, ProductMatch::Alias);
        let by_ean = printed.ean.and_then(alias).or_else(|| ean.as_deref().and_then(alias));
        if by_ean.is_some() {
            return by_ean;
        }
        if let Some(ean) = ean.filter(|ean| has_check_digit(ean)) {
            return Some(Matched { ean: Some(ean), by: ProductMatch::Printed });
        }
        let sku = |text: &str| found(self.eans_by_sku.get(&fold(text))?, ProductMatch::Sku);
        let codes = || printed.codes.iter().map(AsRef::as_ref);
        let by_code = codes().find_map(alias).or_else(|| codes().rev().chain(printed.ean).find_map(sku));
        by_code.or_else(|| {
            let name = printed.name?;
            alias(name).or_else(|| found(self.eans_by_name.get(&compact(name))?, ProductMatch::Name))
        })
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

/// How an alias is compared: whatever its case and blanks. Vendors print the same code with and without the word that
/// marks its total row.
#[must_use]
pub fn alias_key(alias: &str) -> String {
    let folded = fold(alias);
    folded.strip_suffix(" total").map(str::to_owned).unwrap_or(folded)
}

fn learn(index: &mut HashMap<String, Meaning>, key: String, meaning: Meaning) {
    if key.is_empty() {
        return;
    }
    let known = index.entry(key).or_insert_with(|| meaning.clone());
    if *known != meaning {
        *known = Meaning::Ambiguous;
    }
}

fn found(meaning: &Meaning, by: ProductMatch) -> Option<Matched> {
    match meaning {
        Meaning::Product(ean) => Some(Matched { ean: Some(ean.clone()), by }),
        Meaning::NotAProduct => Some(Matched { ean: None, by: ProductMatch::Ignored }),
        Meaning::Ambiguous => None,
    }
}

#[cfg(test)]
mod tests;
