//! `POST /v1/fx-rates/import`: monthly rates, and with them the euro amounts of what is booked.

use data::fx_rates;
use domain::Rate;
use edge::{
    ApiError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{
    Context, cells,
    import::{Begun, Import},
    outcome::Reject,
    table::{self, Columns, Row, Table},
};

const COLUMNS: Columns =
    Columns { required: &["month", "currency", "eur_per_unit", "source"], optional: |_| false };

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "fx-rates-import",
        "POST /v1/fx-rates/import",
        "Imports exchange rates; booked amounts follow",
    )
    .needs(&[Permission::CatalogueWrite])
    .body_of("text/csv", table::schema)
    .once()
    .ok::<crate::outcome::Outcome>()
}

/// Takes the rates of a CSV file; what they convert changes in the same transaction.
///
/// # Errors
/// See [`Table::read`] and [`Import::begin`]; rows at fault are part of the answer.
pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::CatalogueWrite)?;
    let table = Table::read(request.body(), &COLUMNS)?;
    let (rows, rejects) = table.rows(read, "month", |rate| (rate.month, rate.currency));
    let rates: Vec<Rate> = rows.into_iter().map(|(_, rate)| rate).collect();

    let mut import = match Import::begin(ctx, &principal, &request).await? {
        Begun::Fresh(import) => import,
        Begun::Answered(reply) => return Ok(reply),
    };
    let counts = fx_rates::import(&mut import.tenant, &rates).await?;
    import.finish(counts, rejects).await
}

fn read(row: &Row) -> Result<Rate, Reject> {
    Ok(Rate {
        month: row.required("month", cells::month)?,
        currency: row.required("currency", cells::foreign_currency)?,
        eur_per_unit: row.required("eur_per_unit", cells::rate)?,
        source: row.required("source", |text| Ok(text.to_owned()))?,
    })
}

#[cfg(test)]
mod tests;
