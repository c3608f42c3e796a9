//! What is known of a row before it is taken.

use chrono::NaiveDate;
use domain::{Currency, Cut, Derived, OrderLine, Period, SourceCell};
use rust_decimal::Decimal;

use crate::header::Found;

/// A product as the file prints it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Printed {
    pub(crate) ean: Option<String>,
    pub(crate) code: Option<String>,
    /// Whole cell with number and name, which some catalogues hold as alias.
    pub(crate) article: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) sku: Option<String>,
    pub(crate) name: Option<String>,
}

impl Printed {
    pub(crate) fn is_empty(&self) -> bool {
        [&self.ean, &self.code, &self.article, &self.reference, &self.sku, &self.name]
            .iter()
            .all(|part| part.is_none())
    }

    /// The most specific first, a SKU last.
    pub(super) fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for code in [&self.code, &self.article, &self.reference, &self.sku].into_iter().flatten() {
            if !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        codes
    }
}

/// A row before its product is matched.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) cut: Cut,
    pub(crate) period: Period,
    pub(crate) sale_date: Option<NaiveDate>,
    pub(crate) store: Option<String>,
    pub(crate) product: Printed,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) amount: Option<Decimal>,
    pub(crate) currency: Currency,
    /// The file has units only: what their list prices stand for.
    pub(crate) derived: Option<Derived>,
    pub(crate) country: Option<String>,
    pub(crate) city: Option<String>,
    /// Key and counters are filled in on acceptance.
    pub(crate) order: Option<OrderLine>,
    pub(crate) source: SourceCell,
}

/// Why a row or cell cannot be taken.
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) suggestion: &'static str,
}

/// What a row says about its place, for a reject.
pub(crate) struct Place<'a> {
    pub(crate) table: &'a Found,
    pub(crate) row: u32,
    pub(crate) column: Option<u32>,
    pub(crate) header: Option<String>,
    pub(crate) value: Option<String>,
}
