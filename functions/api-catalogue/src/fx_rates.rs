//! `POST /v1/fx-rates/import`: monthly rates, and with them the euro amounts of what is booked.

pub mod list;
pub mod remove;
pub mod set;

use chrono::NaiveDate;
use data::{
    audit::Subject,
    fx_rates::{self, Versioned},
};
use domain::{Currency, Rate};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Context, cells,
    import::import,
    outcome::Reject,
    table::{self, Columns, Row, Table},
};

/// Euro per unit of a currency, in a month.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FxRate")]
struct View {
    /// `2026-01`
    month: String,
    currency: Currency,
    eur_per_unit: Decimal,
    source: String,
    version: i32,
}

impl From<Versioned> for View {
    fn from(row: Versioned) -> Self {
        let Rate { month, currency, eur_per_unit, source } = row.rate;
        let eur_per_unit = eur_per_unit.normalize();
        Self {
            month: month.format("%Y-%m").to_string(),
            currency,
            eur_per_unit,
            source,
            version: row.version,
        }
    }
}

/// The currency and the month that a route is about.
fn named(request: &Request) -> Result<(Currency, NaiveDate), ApiError> {
    let (currency, month): (String, String) = (request.path("currency")?, request.path("month")?);
    let currency = cells::foreign_currency(&currency).map_err(|_| ApiError::not_found())?;
    let month = cells::month(&month).map_err(|_| ApiError::not_found())?;
    Ok((currency, month))
}

fn subject(currency: Currency, month: NaiveDate) -> Subject {
    Subject::new("fx_rate", format!("{}/{}", currency.as_str(), month.format("%Y-%m")))
}

const COLUMNS: Columns =
    Columns { required: &["month", "currency", "eur_per_unit", "source"], optional: |_| false };

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    table::imported(
        Operation::new(
            "fx-rates-import",
            "POST /v1/fx-rates/import",
            "Imports exchange rates; booked amounts follow",
        )
        .needs(&[Permission::CatalogueWrite]),
    )
}

/// Takes the rates of a CSV file; what they convert changes in the same transaction.
///
/// # Errors
/// See [`Table::read`] and [`import`]; rows at fault are part of the answer.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::CatalogueWrite)?;
        let table = Table::read(request.body(), &COLUMNS)?;
        let (rows, rejects) = table.rows(read, "month", |rate| (rate.month, rate.currency));
        let rates: Vec<Rate> = rows.into_iter().map(|(_, rate)| rate).collect();

        import(ctx, &principal, &request, async |tenant| {
            Ok((fx_rates::import(tenant, &rates).await?, rejects))
        })
        .await
    })
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
