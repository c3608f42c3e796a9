//! GET /v1/catalogue/unmatched

use chrono::NaiveDate;
use data::{
    reference,
    unmatched::{self, Amount, Place},
};
use domain::{Likenesses, Suggestion, Unmatched};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page},
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::{Context, query::VendorQuery};

/// Uploads named for a product; more are only counted.
const UPLOADS_NAMED: usize = 10;

/// A product as a vendor prints it, and what it may be.
#[derive(Debug, Serialize, JsonSchema)]
struct View {
    vendor: String,
    code: Option<String>,
    name: Option<String>,
    /// `main`, or another view of the same sales where `main` knows no products.
    cut: String,
    rows: i64,
    quantity: Option<Decimal>,
    amounts: Vec<Amount>,
    /// First and last day of the periods in which it was sold.
    from: NaiveDate,
    to: NaiveDate,
    uploads: Vec<Uuid>,
    uploads_total: usize,
    /// Where one of the rows stands.
    source: Source,
    /// For a person to confirm; nothing is booked by likeness.
    suggestions: Vec<Suggestion>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Source {
    upload_id: Uuid,
    sheet: Option<String>,
    row: i32,
    column: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "unmatched-list",
        "GET /v1/catalogue/unmatched",
        "Lists printed products that no row could be matched with, with suggestions",
    )
    .needs(&[Permission::SalesRead])
    .query::<VendorQuery>()
    .ok::<Page<View>>()
}

/// Lists the printed products that rows wait for, those with the most rows first, with suggestions.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let VendorQuery { vendor, limit, cursor } = request.query()?;
        let after: Option<Place> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let waiting = unmatched::list(&mut tenant, vendor.as_deref(), limit.probe(), after.as_ref()).await?;
        let known = reference::load(&mut tenant).await?;
        let likenesses = Likenesses::new(&known);
        Reply::ok(
            &Page::new(waiting, limit, unmatched::Unmatched::place).map(|product| view(product, &likenesses)),
        )
    })
}

fn view(product: unmatched::Unmatched, likenesses: &Likenesses) -> View {
    let codes = product.codes();
    let printed = Unmatched { vendor: &product.vendor, codes: &codes, name: product.name.as_deref() };
    let suggestions = likenesses.suggest(&printed);
    let uploads = product.uploads();
    View {
        vendor: product.vendor,
        code: product.code,
        name: product.name,
        cut: product.cut,
        rows: product.rows,
        quantity: product.quantity.map(|quantity| quantity.normalize()),
        amounts: product.amounts.0.into_iter().map(with_cents).collect(),
        from: product.first_day,
        to: product.last_day,
        uploads_total: uploads.len(),
        uploads: uploads.into_iter().take(UPLOADS_NAMED).collect(),
        source: Source {
            upload_id: product.upload_id,
            sheet: product.source_sheet,
            row: product.source_row,
            column: product.source_column,
        },
        suggestions,
    }
}

fn with_cents(amount: Amount) -> Amount {
    Amount { amount_local: domain::with_cents(amount.amount_local), ..amount }
}

#[cfg(test)]
mod tests;
