//! `GET /v1/sales`: the rows that count, each with its place in the file it came from.

use chrono::NaiveDate;
use data::{
    exports::Selection,
    sales::{self, Sale},
};
use domain::{Channel, ExportFormat, LineClass, NumberStyle, UploadId, with_cents};
use edge::{
    ApiError, Boxed, Permission,
    http::{Download, Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Context;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    upload_id: Option<UploadId>,
    vendor: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    channel: Option<Channel>,
    store: Option<String>,
    product: Option<String>,
    line_class: Option<LineClass>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
    /// All of them as a file, where that is short.
    format: Option<ExportFormat>,
    locale: Option<NumberStyle>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SalesRow")]
struct View {
    id: Uuid,
    upload_id: Uuid,
    vendor: String,
    store: Option<String>,
    store_printed: Option<String>,
    store_kind: Option<String>,
    product_ean: Option<String>,
    /// How the product was found; null while the row waits for a match.
    product_match: Option<String>,
    vendor_product_code: Option<String>,
    product_name: Option<String>,
    period_start: NaiveDate,
    period_end: NaiveDate,
    sale_date: Option<NaiveDate>,
    quantity: Option<Decimal>,
    amount_local: Option<Decimal>,
    /// Quantity x list price, because the file has units only.
    amount_derived: bool,
    currency: String,
    vat_included: Option<bool>,
    /// Unrounded, so that sums of rows are the sums of the books.
    amount_eur: Option<Decimal>,
    fx_rate: Option<Decimal>,
    fx_rate_month: Option<NaiveDate>,
    fx_source: Option<String>,
    line_class: String,
    order_id: Option<String>,
    country: Option<String>,
    city: Option<String>,
    source: Source,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Source {
    sheet: Option<String>,
    row: i32,
    column: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        Operation::new(
            "sales-list",
            "GET /v1/sales",
            "Lists the rows that count, each with its place in its file",
        )
        .needs(&[Permission::SalesRead])
        .query::<Query>()
        .ok::<Page<View>>(),
    )
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let query: Query = request.query()?;
        let wanted = Download { format: query.format, locale: query.locale }.wanted()?;
        let after = page::decode::<Uuid>(query.cursor.as_deref())?;
        let filter = sales::Filter {
            upload: query.upload_id,
            vendor: query.vendor,
            from: query.from,
            to: query.to,
            channel: query.channel,
            store: query.store,
            product: query.product,
            line_class: query.line_class,
        };
        if let Some(wanted) = wanted {
            let tenant = ctx.database.copying(&principal).await?;
            return request.download(tenant, &Selection::Sales(filter), wanted).await;
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = sales::list(&mut tenant, &filter, query.limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, query.limit, |row| row.id).map(View::from))
    })
}

impl From<Sale> for View {
    fn from(sale: Sale) -> Self {
        Self {
            id: sale.id,
            upload_id: sale.upload_id,
            vendor: sale.vendor,
            store: sale.store,
            store_printed: sale.store_printed,
            store_kind: sale.store_kind,
            product_ean: sale.product_ean,
            product_match: sale.product_match,
            vendor_product_code: sale.vendor_product_code,
            product_name: sale.product_name,
            period_start: sale.period_start,
            period_end: sale.period_end,
            sale_date: sale.sale_date,
            quantity: sale.quantity.map(|quantity| quantity.normalize()),
            amount_local: sale.amount_local.map(with_cents),
            amount_derived: sale.amount_derived,
            currency: sale.currency,
            vat_included: sale.vat_included,
            amount_eur: sale.amount_eur.map(with_cents),
            fx_rate: sale.fx_rate.map(|rate| rate.normalize()),
            fx_rate_month: sale.fx_rate_month,
            fx_source: sale.fx_source,
            line_class: sale.line_class,
            order_id: sale.order_id,
            country: sale.country,
            city: sale.city,
            source: Source { sheet: sale.source_sheet, row: sale.source_row, column: sale.source_column },
        }
    }
}

#[cfg(test)]
mod tests;
