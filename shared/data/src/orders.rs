//! Orders of web shops, with their lines that count.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, types::Uuid};

use crate::{Error, Result, Tenant};

/// A line of an order that counts.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Line {
    pub id: Uuid,
    pub upload_id: Uuid,
    pub vendor: String,
    pub order_id: String,
    /// The day it counts on.
    pub counts_on: NaiveDate,
    pub store: Option<String>,
    pub product_ean: Option<String>,
    pub vendor_product_code: Option<String>,
    pub product_name: Option<String>,
    pub quantity: Option<Decimal>,
    pub amount_local: Option<Decimal>,
    pub currency: String,
    pub vat_included: Option<bool>,
    /// `None` while the rate is missing, or without an amount.
    pub amount_eur: Option<Decimal>,
    pub line_class: String,
    pub is_gift: bool,
    /// In `currency`; `None` where it is not known or not for the caller to see.
    pub cost_of_goods: Option<Decimal>,
    pub payment_fee: Option<Decimal>,
    pub country: Option<String>,
    pub city: Option<String>,
    pub utm_source: Option<String>,
    pub utm_medium: Option<String>,
    pub utm_campaign: Option<String>,
    pub device: Option<String>,
    pub source_sheet: Option<String>,
    /// 1-based.
    pub source_row: i32,
}

/// What an order is known by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromRow, JsonSchema)]
pub struct Key {
    pub vendor: String,
    pub order_id: String,
}

/// Which orders to list: those with a line that fits; `None` is any.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub vendor: Option<String>,
    #[serde(rename = "order_id")]
    pub order: Option<String>,
    /// First and last day on which a line counts.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// EAN.
    pub product: Option<String>,
    pub country: Option<String>,
    pub utm_source: Option<String>,
}

/// All lines that count of at most `limit` orders, order by order in the order of their keys, beginning after the order `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<&Key>,
) -> Result<Vec<(Key, Vec<Line>)>> {
    let keys: Vec<Key> = sqlx::query_as(include_str!("orders/keys.sql"))
        .bind(tenant.org().0)
        .bind(&filter.vendor)
        .bind(&filter.order)
        .bind(filter.from)
        .bind(filter.to)
        .bind(&filter.product)
        .bind(&filter.country)
        .bind(&filter.utm_source)
        .bind(after.map(|key| key.vendor.as_str()))
        .bind(after.map(|key| key.order_id.as_str()))
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("orders.keys"))?;
    let lines: Vec<Line> = sqlx::query_as(include_str!("orders/lines.sql"))
        .bind(tenant.org().0)
        .bind(keys.iter().map(|key| key.vendor.as_str()).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.order_id.as_str()).collect::<Vec<_>>())
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("orders.lines"))?;
    let mut orders: Vec<(Key, Vec<Line>)> = keys.into_iter().map(|key| (key, Vec::new())).collect();
    for line in lines {
        let order =
            orders.iter_mut().find(|(key, _)| (&key.vendor, &key.order_id) == (&line.vendor, &line.order_id));
        if let Some((_, lines)) = order {
            lines.push(line);
        }
    }
    Ok(orders)
}
