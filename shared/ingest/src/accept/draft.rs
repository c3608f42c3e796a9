//! What is known of a row before it is taken.

use std::borrow::Cow;

use chrono::NaiveDate;
use domain::{Currency, Cut, Derived, OrderLine, Period};
use rust_decimal::Decimal;

use super::Product;
use crate::header::Found;

/// A row before it is concluded.
#[derive(Debug, Clone)]
pub(crate) struct Draft<'d> {
    pub(crate) cut: &'d Cut,
    pub(crate) period: Period,
    pub(crate) sale_date: Option<NaiveDate>,
    pub(crate) store: Option<Cow<'d, str>>,
    pub(crate) product: &'d Product,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) amount: Option<Decimal>,
    pub(crate) currency: Currency,
    /// The file has units only: what their list prices stand for.
    pub(crate) derived: Option<Derived>,
    pub(crate) country: Option<Cow<'d, str>>,
    pub(crate) city: Option<Cow<'d, str>>,
    /// Key and counters are filled in on acceptance.
    pub(crate) order: Option<OrderLine>,
    pub(crate) sheet: Option<&'d str>,
    pub(crate) row: u32,
    /// Of the quantity, else of the amount.
    pub(crate) column: Option<u32>,
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
