//! Products that vendors print and nothing matches: what a person has to decide.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::{Error, Result, Tenant};

/// What waiting rows sold, in one currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Amount {
    pub currency: String,
    pub amount_local: Decimal,
}

/// A printed product that rows which count wait for.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Unmatched {
    pub vendor: String,
    /// As printed; at least one of code and name is.
    pub code: Option<String>,
    pub name: Option<String>,
    /// Whose rows these are: `main`, or another view of the same sales where `main` knows no products.
    pub cut: String,
    pub rows: i64,
    pub quantity: Option<Decimal>,
    pub amounts: Json<Vec<Amount>>,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    uploads: Json<Vec<Vec<Uuid>>>,
    /// The place of one of the rows.
    pub upload_id: Uuid,
    pub source_sheet: Option<String>,
    pub source_row: i32,
    pub source_column: Option<String>,
    printed_ean: Option<String>,
    product_codes: Option<Vec<String>>,
}

/// The place of a product in the list: rows, vendor, code, name.
pub type Place = (i64, String, Option<String>, Option<String>);

impl Unmatched {
    /// Uploads with such rows.
    #[must_use]
    pub fn uploads(&self) -> BTreeSet<Uuid> {
        self.uploads.iter().flatten().copied().collect()
    }

    /// Every code that a row prints.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.printed_ean.iter().cloned().collect();
        match &self.product_codes {
            Some(more) => codes.extend(more.iter().cloned()),
            None => codes
                .extend(self.code.iter().filter(|code| Some(*code) != self.printed_ean.as_ref()).cloned()),
        }
        codes
    }

    #[must_use]
    pub fn place(&self) -> Place {
        (self.rows, self.vendor.clone(), self.code.clone(), self.name.clone())
    }
}

/// At most `limit` products, those with the most rows first, beginning after the place `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    vendor: Option<&str>,
    limit: u32,
    after: Option<&Place>,
) -> Result<Vec<Unmatched>> {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    sqlx::query_as(include_str!("unmatched/products.sql"))
        .bind(tenant.org().0)
        .bind(vendor)
        .bind(after.map(|(rows, ..)| *rows))
        .bind(after.map(|(_, vendor, ..)| vendor.as_str()))
        .bind(after.map(|(_, _, code, _)| text(code)))
        .bind(after.map(|(.., name)| text(name)))
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("unmatched.list"))
}
