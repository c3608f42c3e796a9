//! A normalised sell-out row and the words it is described with.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Buyer, Currency, Period, ProductMatch, Rate, words::words};

/// What a line is. KPIs say which classes they count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineClass {
    Sale,
    Return,
    Tester,
    Sample,
    Gift,
    Bulk,
}

impl LineClass {
    /// The name used in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return => "return",
            Self::Tester => "tester",
            Self::Sample => "sample",
            Self::Gift => "gift",
            Self::Bulk => "bulk",
        }
    }
}

/// Where something was sold to its customer: by a retailer, whose own web shops are among them, or in the organisation's
/// own web shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Online,
    #[serde(alias = "offline")]
    Retail,
}

impl Channel {
    /// The name used in the database and the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Retail => "retail",
        }
    }
}

words!(
    /// Where a store sells. `None` in a row means that the file does not say.
    StoreKind {
        Physical = "physical",
        Online = "online",
    }
);

/// Which view of the same sales a row belongs to. Only `main` counts in sums; other cuts are stored beside it,
/// checked against it and never added to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Cut(pub String);

impl Cut {
    /// Name of the cut that counts.
    pub const MAIN: &str = "main";

    /// The cut that counts.
    #[must_use]
    pub fn main() -> Self {
        Self(Self::MAIN.to_owned())
    }

    /// Whether rows of this cut count in sums.
    #[must_use]
    pub fn is_main(&self) -> bool {
        self.0 == Self::MAIN
    }
}

/// How a document relates to earlier ones of its vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// States its own periods and replaces what was said about them.
    Snapshot,
    /// Re-sent with everything so far: every period in it is restated.
    Living,
    /// Adds order lines by their key; a known line is updated, none is removed.
    Increment,
}

words! {
    /// What of a row is quantity x list price, because the file has units only.
    Derived {
        /// The amount, which the sender's own sums are made of as well; list prices are in euro.
        Amount = "amount",
        /// The value in euro alone: what was paid is not known.
        Euro = "euro",
    }
}

/// Where in the file a row stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SourceCell {
    /// Sheet name; `None` for a CSV file.
    pub sheet: Option<String>,
    /// 1-based row as a spreadsheet shows it.
    pub row: u32,
    /// Column letters of the quantity (pivots: of the store), for example `M`.
    pub column: Option<String>,
}

/// One normalised row. Amounts keep the decimals of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SaleRow {
    pub cut: Cut,
    pub period: Period,
    /// The day of the sale, where the file has one.
    pub sale_date: Option<NaiveDate>,
    pub store: Option<String>,
    pub store_kind: Option<StoreKind>,
    /// 13 digits, matched through the catalogue or printed in the file; `None` when nothing matches.
    pub product_ean: Option<String>,
    /// How it was found; `None` while the row waits for a match.
    pub product_match: Option<ProductMatch>,
    /// Text of the EAN column, as printed.
    pub printed_ean: Option<String>,
    /// Every other code of the product that the row prints, the most specific first, a SKU last.
    pub product_codes: Vec<String>,
    /// The vendor's own article number or SKU, as printed.
    pub vendor_product_code: Option<String>,
    pub product_name: Option<String>,
    pub quantity: Option<Decimal>,
    pub amount_local: Option<Decimal>,
    /// The file has units only: they are valued by list price, as soon as one is known.
    pub derived: Option<Derived>,
    pub currency: Currency,
    /// Whether `amount_local` includes VAT; `None` where nobody knows.
    pub vat_included: Option<bool>,
    /// `amount_local` in euro by the rate of the month of the period's last day, unrounded; `None` without a rate.
    pub amount_eur: Option<Decimal>,
    /// The rate used: euro per unit of `currency`.
    pub rate: Option<Rate>,
    pub line_class: LineClass,
    pub country: Option<String>,
    pub city: Option<String>,
    /// Order lines only.
    pub order: Option<OrderLine>,
    pub source: SourceCell,
}

/// What an order line of a web shop says beyond a sell-out row. Personal data is dropped before this point; of the buyer
/// a keyed hash is left where the organisation keeps one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OrderLine {
    pub order_id: String,
    /// Identifies the line across exports of the same shop: a re-export of the same line has the same key.
    pub line_key: String,
    pub is_gift: bool,
    pub cost_of_goods: Option<Decimal>,
    pub payment_fee: Option<Decimal>,
    pub utm_source: Option<String>,
    pub utm_medium: Option<String>,
    pub utm_campaign: Option<String>,
    pub device: Option<String>,
    pub buyer: Option<Buyer>,
}
