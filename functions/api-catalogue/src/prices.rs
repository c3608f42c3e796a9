//! `POST /v1/prices/import`: list prices and from when to when they hold.

mod ranges;

use data::{catalogue, product_prices};
use domain::ListPrice;
use edge::{
    ApiError, Permission,
    http::{Reply, Request},
};

use self::ranges::Ranges;
use crate::{
    Context, cells, outcome,
    outcome::Reject,
    table::{Columns, Row, Table},
};

/// `sku` is for people; the EAN says whose price it is.
const COLUMNS: Columns =
    Columns { required: &["ean", "price_eur", "valid_from", "valid_to"], optional: |name| name == "sku" };

/// Takes the prices of a CSV file.
///
/// # Errors
/// See [`Table::read`]; rows at fault are part of the answer.
pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::CatalogueWrite)?;
    let table = Table::read(request.body(), &COLUMNS)?;
    let (rows, mut rejects) = table.rows(read, "valid_from", |price| (price.ean.clone(), price.valid_from));

    let mut tenant = ctx.database.tenant(principal.org_id).await?;
    // Nobody else changes prices between the look at the stored ranges and the end of the transaction.
    catalogue::lock(&mut tenant).await?;
    let eans: Vec<&str> = rows.iter().map(|(_, price)| price.ean.as_str()).collect();
    let stored = product_prices::of_products(&mut tenant, &eans).await?;
    let prices = Ranges::new(stored).take(rows, &mut rejects);
    let counts = product_prices::import(&mut tenant, &prices).await?;
    tenant.commit().await?;
    outcome::reply(counts, rejects)
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
