//! `GET /v1/chat/messages/{id}/rows`: the booked rows behind an answer, each with its place in its file.

use chrono::NaiveDate;
use data::{
    analytics::{self, SoldRow},
    conversations,
};
use domain::{MessageId, with_cents};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::plan;
use crate::Context;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    id: Uuid,
    upload_id: Uuid,
    vendor: String,
    store: Option<String>,
    product_ean: Option<String>,
    product_name: Option<String>,
    day: NaiveDate,
    quantity: Option<Decimal>,
    amount_local: Option<Decimal>,
    currency: String,
    vat_included: Option<bool>,
    amount_eur: Option<Decimal>,
    line_class: String,
    order_id: Option<String>,
    source: Place,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Place {
    sheet: Option<String>,
    row: i32,
    column: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "messages-rows",
        "GET /v1/chat/messages/{id}/rows",
        "Lists the booked rows behind an answer",
    )
    .needs(&[Permission::AnalyticsRead, Permission::SalesRead])
    .query::<Paging>()
    .refuses(409, "nothing_computed", "For this message nothing was computed.")
    .ok::<Page<View>>()
}

/// Lists the rows that count now and that the answer's plan is about.
///
/// # Errors
/// 404 for an id that does not exist here or is somebody else's, 409 where nothing was computed.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        request.require(Permission::AnalyticsRead)?;
        let principal = request.require(Permission::SalesRead)?;
        let id: MessageId = request.path("id")?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode::<Uuid>(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let message = conversations::message(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let rows = analytics::rows(&mut tenant, &plan(&message)?.analysis, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |row| row.id).map(View::from))
    })
}

impl From<SoldRow> for View {
    fn from(row: SoldRow) -> Self {
        Self {
            id: row.id,
            upload_id: row.upload_id,
            vendor: row.vendor,
            store: row.store,
            product_ean: row.product_ean,
            product_name: row.product_name,
            day: row.day,
            quantity: row.quantity.map(|quantity| quantity.normalize()),
            amount_local: row.amount_local.map(with_cents),
            currency: row.currency,
            vat_included: row.vat_included,
            amount_eur: row.amount_eur.map(with_cents),
            line_class: row.line_class,
            order_id: row.order_id,
            source: Place { sheet: row.source_sheet, row: row.source_row, column: row.source_column },
        }
    }
}
