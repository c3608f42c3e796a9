//! `POST /v1/prices/import`: list prices and from when to when they hold.

pub mod list;
mod ranges;
pub mod remove;
pub mod set;

use chrono::NaiveDate;
use data::product_prices::{self, Versioned};
use domain::ListPrice;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use self::ranges::Ranges;
use crate::{
    Context, cells,
    import::import,
    outcome::Reject,
    table::{self, Columns, Row, Table},
};

/// A list price and the days it holds, both inclusive; `null` is until further notice.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListPriceOfProduct")]
struct View {
    ean: String,
    price_eur: Decimal,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    version: i32,
}

impl From<Versioned> for View {
    fn from(row: Versioned) -> Self {
        let ListPrice { ean, price_eur, valid_from, valid_to } = row.price;
        Self { ean, price_eur, valid_from, valid_to, version: row.version }
    }
}

/// The price that a path names.
fn named(request: &Request) -> Result<(String, NaiveDate), ApiError> {
    let ean: String = request.path("ean")?;
    Ok((cells::ean(&ean).map_err(|_| ApiError::not_found())?, request.path("valid_from")?))
}

/// `sku` is for people; the EAN says whose price it is.
const COLUMNS: Columns =
    Columns { required: &["ean", "price_eur", "valid_from", "valid_to"], optional: |name| name == "sku" };

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    table::imported(
        Operation::new("prices-import", "POST /v1/prices/import", "Imports list prices")
            .needs(&[Permission::CatalogueWrite]),
    )
}

/// Takes the prices of a CSV file.
///
/// # Errors
/// See [`Table::read`] and [`import`]; rows at fault are part of the answer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let table = Table::read(request.body(), &COLUMNS)?;
        let (rows, mut rejects) =
            table.rows(read, "valid_from", |price| (price.ean.clone(), price.valid_from));

        import(ctx, &principal, &request, async |tenant| {
            let eans: Vec<&str> = rows.iter().map(|(_, price)| price.ean.as_str()).collect();
            // The import's lock keeps the stored ranges as they are seen here.
            let stored = product_prices::of_products(tenant, &eans).await?;
            let prices = Ranges::new(stored).take(rows, &mut rejects);
            Ok((product_prices::import(tenant, &prices).await?, rejects))
        })
        .await
    })
}

fn read(row: &Row) -> Result<ListPrice, Reject> {
    let price = ListPrice {
        ean: row.required("ean", cells::ean)?,
        price_eur: row.required("price_eur", cells::price)?,
        valid_from: row.required("valid_from", cells::date)?,
        valid_to: row.optional("valid_to", cells::date)?,
    };
    if price.valid_to.is_some_and(|last| last < price.valid_from) {
        return Err(row.reject("valid_to", "range_reversed", "valid_to lies before valid_from."));
    }
    Ok(price)
}

#[cfg(test)]
mod tests;
