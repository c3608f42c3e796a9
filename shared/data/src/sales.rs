//! Rows that count: the view `sales`, and the euro amounts that follow the exchange rates.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{Channel, Currency, Finding, LineClass, Rate, UploadId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::{
    Error, Result, Tenant,
    rematch::{self, Cause},
    rollup,
};

/// A row that counts.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Sale {
    pub id: Uuid,
    /// The upload whose rows they are; another one may have stated the same since.
    pub upload_id: Uuid,
    pub vendor: String,
    /// The store that a person confirmed, else what is printed.
    pub store: Option<String>,
    pub store_printed: Option<String>,
    pub store_kind: Option<String>,
    pub product_ean: Option<String>,
    /// A word of [`domain::ProductMatch`].
    pub product_match: Option<String>,
    pub vendor_product_code: Option<String>,
    pub product_name: Option<String>,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub sale_date: Option<NaiveDate>,
    pub quantity: Option<Decimal>,
    pub amount_local: Option<Decimal>,
    /// Quantity x list price: the file has units only.
    pub amount_derived: bool,
    pub currency: String,
    pub vat_included: Option<bool>,
    /// `None` while the rate is missing, or without an amount.
    pub amount_eur: Option<Decimal>,
    /// Euro per unit of the currency, the month it is of, and who says so.
    pub fx_rate: Option<Decimal>,
    pub fx_rate_month: Option<NaiveDate>,
    pub fx_source: Option<String>,
    pub line_class: String,
    pub order_id: Option<String>,
    pub country: Option<String>,
    pub city: Option<String>,
    pub source_sheet: Option<String>,
    /// 1-based.
    pub source_row: i32,
    pub source_column: Option<String>,
}

/// Which rows to list; `None` is any.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Rows that this upload states, also those it shares with an earlier upload that said the same.
    #[serde(rename = "upload_id")]
    pub upload: Option<UploadId>,
    pub vendor: Option<String>,
    /// First and last day on which a listed row counts.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub channel: Option<Channel>,
    pub store: Option<String>,
    /// EAN.
    pub product: Option<String>,
    pub line_class: Option<LineClass>,
}

/// The condition on rows of `sales` that an upload states, `{}` standing for it.
pub(crate) fn of_upload() -> String {
    format!("({})", include_str!("sales/of_upload.sql").replace("$2", "{}::uuid"))
}

/// At most `limit` rows in the order they were booked, beginning after the row `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<Uuid>,
) -> Result<Vec<Sale>> {
    sqlx::query_as(concat!(
        include_str!("sales/list.sql"),
        "    AND ($2::uuid IS NULL OR ",
        include_str!("sales/of_upload.sql"),
        ") ORDER BY id LIMIT $11"
    ))
    .bind(tenant.org().0)
    .bind(filter.upload.map(|id| id.0))
    .bind(&filter.vendor)
    .bind(filter.from)
    .bind(filter.to)
    .bind(filter.channel.map(Channel::as_str))
    .bind(&filter.store)
    .bind(&filter.product)
    .bind(filter.line_class.map(LineClass::as_str))
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("sales.list"))
}

/// Converts everything booked in the months and currencies of `rates` by them: rows, history included, statements,
/// totals of uploads and the rollup; whether a sample was given away follows from the euro amount.
pub(crate) async fn apply_rates(tenant: &mut Tenant, rates: &[Rate]) -> Result<()> {
    let touched: Vec<(String, NaiveDate)> = sqlx::query_as(include_str!("sales/apply_rates.sql"))
        .bind(tenant.org().0)
        .bind(rates.iter().map(|rate| rate.month).collect::<Vec<_>>())
        .bind(rates.iter().map(|rate| rate.currency.as_str()).collect::<Vec<_>>())
        .bind(rates.iter().map(|rate| rate.eur_per_unit).collect::<Vec<_>>())
        .bind(rates.iter().map(|rate| rate.source.as_str()).collect::<Vec<_>>())
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("sales.apply_rates"))?;
    let changed: Vec<_> = rates.iter().map(|rate| (rate.month, rate.currency.as_str().to_owned())).collect();
    follow_rates(tenant, touched, &changed).await
}

/// Takes the euro amounts away that a rate gave which is gone; otherwise as [`apply_rates`].
pub(crate) async fn forget_rate(tenant: &mut Tenant, currency: Currency, month: NaiveDate) -> Result<()> {
    let touched: Vec<(String, NaiveDate)> = sqlx::query_as(include_str!("sales/forget_rate.sql"))
        .bind(tenant.org().0)
        .bind(month)
        .bind(currency.as_str())
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("sales.forget_rate"))?;
    follow_rates(tenant, touched, &[(month, currency.as_str().to_owned())]).await
}

/// What follows from rows whose euro amounts are others: totals of uploads, sums, line classes.
async fn follow_rates(
    tenant: &mut Tenant,
    touched: Vec<(String, NaiveDate)>,
    changed: &[(NaiveDate, String)],
) -> Result<()> {
    let months: Vec<NaiveDate> = changed.iter().map(|(month, _)| *month).collect();
    let currencies: Vec<&str> = changed.iter().map(|(_, currency)| currency.as_str()).collect();
    let gaps: Vec<(Uuid, String, Vec<String>)> = sqlx::query_as(include_str!("sales/rate_gaps.sql"))
        .bind(tenant.org().0)
        .bind(&months)
        .bind(&currencies)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("sales.rate_gaps"))?;
    let mut warnings: BTreeMap<Uuid, Vec<Finding>> = BTreeMap::new();
    for (upload, currency, months) in gaps {
        warnings.entry(upload).or_default().push(Finding::rate_missing(&currency, &months));
    }
    let (uploads, warnings): (Vec<Uuid>, Vec<Json<Vec<Finding>>>) =
        warnings.into_iter().map(|(upload, warnings)| (upload, Json(warnings))).unzip();
    sqlx::query(include_str!("sales/restate_totals.sql"))
        .bind(tenant.org().0)
        .bind(&months)
        .bind(&currencies)
        .bind(uploads)
        .bind(warnings)
        .bind(Finding::RATE_MISSING)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("sales.restate_totals"))?;
    let mut days: BTreeMap<String, Vec<NaiveDate>> = BTreeMap::new();
    for (vendor, date) in touched {
        days.entry(vendor).or_default().push(date);
    }
    for (vendor, dates) in days {
        rollup::recompute(tenant, &vendor, &dates).await?;
    }
    rematch::run(tenant, &Cause { rates: changed, ..Cause::default() }).await?;
    Ok(())
}
