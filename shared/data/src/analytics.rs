//! Key figures of a span of days, from the daily rollup, and which amounts are not in them.

use chrono::NaiveDate;
use domain::Channel;
use rust_decimal::Decimal;
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// Which sales are meant. Days are inclusive; a row counts on the day of its sale or on the last day of its period.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub vendor: Option<String>,
    pub channel: Option<Channel>,
}

/// Sums over all line classes, so that they tie to the vendors' own totals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct KeyFigures {
    /// Net of returns; amounts without an exchange rate are not in it, see [`unconverted`].
    pub revenue_eur: Decimal,
    pub units: Decimal,
    /// Distinct web-shop orders with at least one line that is not a return.
    pub orders: i64,
    /// Sum of the class `return`: zero or negative.
    pub returns_eur: Decimal,
}

/// Amounts that could not be converted for want of a rate.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unconverted {
    pub vendor: String,
    pub currency: String,
    /// First day of the month.
    pub month: NaiveDate,
    pub amount_local: Decimal,
}

/// # Errors
/// When the database fails.
pub async fn key_figures(tenant: &mut Tenant, filter: &Filter) -> Result<KeyFigures> {
    sqlx::query_as(
        "SELECT coalesce(sum(amount_eur), 0) AS revenue_eur, coalesce(sum(quantity), 0) AS units,
             coalesce(sum(amount_eur) FILTER (WHERE line_class = 'return'), 0) AS returns_eur,
             (SELECT count(DISTINCT (vendor, order_id)) FROM ecommerce_orders
              WHERE org_id = $1 AND active AND line_class <> 'return'
                  AND ($2::date IS NULL OR counts_on >= $2) AND ($3::date IS NULL OR counts_on <= $3)
                  AND ($4::text IS NULL OR vendor = $4) AND ($5::text IS NULL OR $5 = 'online')) AS orders
         FROM sales_daily
         WHERE org_id = $1 AND ($2::date IS NULL OR counts_on >= $2) AND ($3::date IS NULL OR counts_on <= $3)
             AND ($4::text IS NULL OR vendor = $4) AND ($5::text IS NULL OR channel = $5)",
    )
    .bind(tenant.org().0)
    .bind(filter.from)
    .bind(filter.to)
    .bind(&filter.vendor)
    .bind(filter.channel.map(Channel::as_str))
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("analytics.key_figures"))
}

/// # Errors
/// When the database fails.
pub async fn unconverted(tenant: &mut Tenant, filter: &Filter) -> Result<Vec<Unconverted>> {
    sqlx::query_as(
        "SELECT vendor, currency, date_trunc('month', counts_on)::date AS month, sum(amount_local) AS amount_local
         FROM sales_daily
         WHERE org_id = $1 AND amount_local IS NOT NULL AND amount_eur IS NULL
             AND ($2::date IS NULL OR counts_on >= $2) AND ($3::date IS NULL OR counts_on <= $3)
             AND ($4::text IS NULL OR vendor = $4) AND ($5::text IS NULL OR channel = $5)
         GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )
    .bind(tenant.org().0)
    .bind(filter.from)
    .bind(filter.to)
    .bind(&filter.vendor)
    .bind(filter.channel.map(Channel::as_str))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("analytics.unconverted"))
}
