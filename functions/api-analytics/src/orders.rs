//! `GET /v1/orders`: orders of the web shops, each with its lines that count.

use chrono::NaiveDate;
use data::{
    exports::Selection,
    orders::{self, Filter, Key, Line},
};
use domain::{ExportFormat, NumberStyle, with_cents};
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

use crate::{Context, span};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    vendor: Option<String>,
    order_id: Option<String>,
    /// Orders with a line that counts on one of these days.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    product: Option<String>,
    country: Option<String>,
    utm_source: Option<String>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
    /// All of their lines as a file, where that is short.
    format: Option<ExportFormat>,
    locale: Option<NumberStyle>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Order")]
struct View {
    vendor: String,
    order_id: String,
    /// Of its first line.
    day: Option<NaiveDate>,
    /// Net of returns; `null` where an amount is without a rate.
    revenue_eur: Option<Decimal>,
    units: Decimal,
    country: Option<String>,
    city: Option<String>,
    utm_source: Option<String>,
    utm_medium: Option<String>,
    utm_campaign: Option<String>,
    device: Option<String>,
    lines: Vec<LineView>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "OrderLine")]
struct LineView {
    id: Uuid,
    upload_id: Uuid,
    day: NaiveDate,
    store: Option<String>,
    product_ean: Option<String>,
    vendor_product_code: Option<String>,
    product_name: Option<String>,
    quantity: Option<Decimal>,
    amount_local: Option<Decimal>,
    currency: String,
    vat_included: Option<bool>,
    amount_eur: Option<Decimal>,
    line_class: String,
    is_gift: bool,
    /// In `currency`; needs `costs:read`.
    cost_of_goods: Option<Decimal>,
    payment_fee: Option<Decimal>,
    source: Source,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Source {
    sheet: Option<String>,
    row: i32,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Download::of(
        Operation::new("orders-list", "GET /v1/orders", "Lists orders by vendor and number")
            .needs(&[Permission::SalesRead])
            .query::<Query>()
            .ok::<Page<View>>(),
    )
}

/// Lists orders by vendor and number.
///
/// # Errors
/// 400 for a parameter or cursor at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::SalesRead)?;
        let query: Query = request.query()?;
        span::between(query.from, query.to)?;
        let wanted = Download { format: query.format, locale: query.locale }.wanted()?;
        let after: Option<Key> = page::decode(query.cursor.as_deref())?;
        let filter = Filter {
            vendor: query.vendor,
            order: query.order_id,
            from: query.from,
            to: query.to,
            product: query.product,
            country: query.country,
            utm_source: query.utm_source,
        };
        if let Some(wanted) = wanted {
            let tenant = ctx.database.copying(&principal).await?;
            return request.download(tenant, &Selection::Orders(filter), wanted).await;
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = orders::list(&mut tenant, &filter, query.limit.probe(), after.as_ref()).await?;
        Reply::ok(
            &Page::new(rows, query.limit, |(key, _)| key.clone()).map(|(key, lines)| View::new(key, lines)),
        )
    })
}

impl View {
    fn new(key: Key, lines: Vec<Line>) -> Self {
        let known = lines.iter().all(|line| line.amount_eur.is_some() || line.amount_local.is_none());
        let revenue: Decimal = lines.iter().filter_map(|line| line.amount_eur).sum();
        let units: Decimal = lines.iter().filter_map(|line| line.quantity).sum();
        let said = |field: fn(&Line) -> &Option<String>| lines.iter().find_map(|line| field(line).clone());
        Self {
            vendor: key.vendor,
            order_id: key.order_id,
            day: lines.first().map(|line| line.counts_on),
            revenue_eur: known.then(|| with_cents(revenue)),
            units: units.normalize(),
            country: said(|line| &line.country),
            city: said(|line| &line.city),
            utm_source: said(|line| &line.utm_source),
            utm_medium: said(|line| &line.utm_medium),
            utm_campaign: said(|line| &line.utm_campaign),
            device: said(|line| &line.device),
            lines: lines.into_iter().map(LineView::from).collect(),
        }
    }
}

impl From<Line> for LineView {
    fn from(line: Line) -> Self {
        Self {
            id: line.id,
            upload_id: line.upload_id,
            day: line.counts_on,
            store: line.store,
            product_ean: line.product_ean,
            vendor_product_code: line.vendor_product_code,
            product_name: line.product_name,
            quantity: line.quantity.map(|quantity| quantity.normalize()),
            amount_local: line.amount_local.map(with_cents),
            currency: line.currency,
            vat_included: line.vat_included,
            amount_eur: line.amount_eur.map(with_cents),
            line_class: line.line_class,
            is_gift: line.is_gift,
            cost_of_goods: line.cost_of_goods.map(with_cents),
            payment_fee: line.payment_fee.map(with_cents),
            source: Source { sheet: line.source_sheet, row: line.source_row },
        }
    }
}

#[cfg(test)]
mod tests;
