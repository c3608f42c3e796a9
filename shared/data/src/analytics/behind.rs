//! What figures rest on: rows, and the uploads that state them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::metrics::{Analysis, Dimension};
use rust_decimal::Decimal;
use sqlx::{FromRow, types::Uuid};

use super::statement;
use crate::{Error, Result, Tenant};

/// A row that a figure is made of, with its place in its file.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Row {
    pub id: Uuid,
    pub upload_id: Uuid,
    pub vendor: String,
    pub store: Option<String>,
    pub product_ean: Option<String>,
    pub product_name: Option<String>,
    /// On which it counts.
    pub day: NaiveDate,
    pub quantity: Option<Decimal>,
    pub amount_local: Option<Decimal>,
    pub currency: String,
    pub vat_included: Option<bool>,
    pub amount_eur: Option<Decimal>,
    pub line_class: String,
    pub order_id: Option<String>,
    pub source_sheet: Option<String>,
    pub source_row: i32,
    pub source_column: Option<String>,
}

/// An upload that states periods of these days and vendors.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Source {
    pub id: Uuid,
    pub file_name: String,
    pub vendor: String,
    pub stated_at: DateTime<Utc>,
}

/// Whether a vendor's latest amounts include VAT.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct VatBasis {
    pub vendor: String,
    /// `None`: its files do not say.
    pub vat_included: Option<bool>,
}

/// How the price of a piece varies from row to row within a group.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Prices {
    pub key: Vec<Option<String>>,
    pub mean: Option<Decimal>,
    /// Of a sample; `None` of a single row.
    pub deviation: Option<Decimal>,
    pub lowest: Option<Decimal>,
    pub highest: Option<Decimal>,
}

/// The prices of each group, the most varied first.
///
/// # Errors
/// When the database fails.
pub async fn prices(tenant: &mut Tenant, analysis: &Analysis) -> Result<Vec<Prices>> {
    let mut statement = statement::prices(tenant.org(), analysis);
    statement.build_query_as().fetch_all(&mut **tenant).await.map_err(Error::query("analytics.prices"))
}

/// The SQL that [`prices`] runs: a receipt.
#[must_use]
pub fn prices_sql(org: domain::OrgId, analysis: &Analysis) -> String {
    statement::prices(org, analysis).into_string()
}

/// At most `limit` rows behind an analysis, beginning after the row `after`.
///
/// # Errors
/// When the database fails.
pub async fn rows(
    tenant: &mut Tenant,
    analysis: &Analysis,
    limit: u32,
    after: Option<Uuid>,
) -> Result<Vec<Row>> {
    let mut statement = statement::rows(tenant.org(), analysis, limit, after);
    statement.build_query_as().fetch_all(&mut **tenant).await.map_err(Error::query("analytics.rows"))
}

/// The uploads whose statements count in the days of an analysis, of the vendors it lets through; newest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn sources(tenant: &mut Tenant, analysis: &Analysis, limit: u32) -> Result<Vec<Source>> {
    let (named, left_out) = vendors(analysis);
    sqlx::query_as(
        "SELECT u.id, u.file_name, p.vendor, max(p.stated_at) AS stated_at
         FROM reporting_periods p JOIN uploads u ON u.org_id = p.org_id AND u.id = p.upload_id
         WHERE p.org_id = $1 AND p.active AND p.cut = 'main'
             AND ($2::date IS NULL OR p.period_end >= $2) AND ($3::date IS NULL OR p.period_end <= $3 OR p.period_start <= $3)
             AND ($4::text[] IS NULL OR p.vendor = ANY ($4)) AND NOT p.vendor = ANY ($5)
         GROUP BY u.id, u.file_name, p.vendor ORDER BY 4 DESC, 1 LIMIT $6",
    )
    .bind(tenant.org().0)
    .bind(analysis.from)
    .bind(analysis.to)
    .bind(named)
    .bind(left_out)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("analytics.sources"))
}

/// What the latest amounts of the vendors of an analysis include.
///
/// # Errors
/// When the database fails.
pub async fn vat_bases(tenant: &mut Tenant, analysis: &Analysis) -> Result<Vec<VatBasis>> {
    let (named, left_out) = vendors(analysis);
    sqlx::query_as(
        "SELECT v.key AS vendor, coalesce(
             (SELECT e.vat_included FROM sellout_entries e WHERE e.org_id = v.org_id AND e.vendor = v.key AND e.active
                  AND e.cut = 'main' ORDER BY e.counts_on DESC LIMIT 1),
             (SELECT o.vat_included FROM ecommerce_orders o WHERE o.org_id = v.org_id AND o.vendor = v.key AND o.active
                  ORDER BY o.counts_on DESC LIMIT 1)) AS vat_included
         FROM vendors v
         WHERE v.org_id = $1 AND ($2::text[] IS NULL OR v.key = ANY ($2)) AND NOT v.key = ANY ($3) ORDER BY v.key",
    )
    .bind(tenant.org().0)
    .bind(named)
    .bind(left_out)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("analytics.vat_bases"))
}

/// The vendors that are named, if any are, and those that are left out.
fn vendors(analysis: &Analysis) -> (Option<Vec<String>>, Vec<String>) {
    let of = |excluded: bool| {
        let filters = analysis
            .filters
            .iter()
            .filter(move |f| f.dimension == Dimension::Vendor && f.excluded == excluded);
        filters.flat_map(|filter| filter.values.iter().flatten().cloned())
    };
    let named: Vec<String> = of(false).collect();
    (Some(named).filter(|named| !named.is_empty()), of(true).collect())
}
