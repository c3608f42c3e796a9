//! Answers analyses: sums of what counts, and which amounts are not in them.

mod behind;
mod beside;
pub mod history;
mod source;
mod statement;

pub use behind::{Prices, Row as SoldRow, Source, VatBasis, prices, prices_sql, rows, sources, vat_bases};
pub use beside::{Beside, all, side_by_side};

use std::collections::BTreeMap;

use chrono::NaiveDate;
pub use domain::metrics::Group;
use domain::metrics::{Analysis, Dimension, Sums};
use rust_decimal::Decimal;
use sqlx::{FromRow, Row as _, postgres::PgRow};

use crate::{Error, Result, Tenant};

/// A group as the database says it.
struct Row(Group);

/// Amounts that could not be converted for want of a rate.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unconverted {
    pub vendor: String,
    pub currency: String,
    /// First day of the month.
    pub month: NaiveDate,
    pub amount_local: Decimal,
}

/// The groups of an analysis in its order; without dimensions exactly one.
///
/// # Errors
/// When the database fails.
pub async fn groups(tenant: &mut Tenant, analysis: &Analysis) -> Result<Vec<Group>> {
    fetch(tenant, statement::of("", tenant.org(), analysis, false)).await
}

/// The same with the first and last day of sales of each group, which takes longer.
///
/// # Errors
/// When the database fails.
pub async fn dated_groups(tenant: &mut Tenant, analysis: &Analysis) -> Result<Vec<Group>> {
    fetch(tenant, statement::of("", tenant.org(), analysis, true)).await
}

async fn fetch(tenant: &mut Tenant, mut statement: statement::Statement) -> Result<Vec<Group>> {
    let rows: Vec<Row> = statement
        .build_query_as()
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("analytics.groups"))?;
    Ok(rows.into_iter().map(|Row(group)| group).collect())
}

/// How many groups an analysis has.
///
/// # Errors
/// When the database fails.
pub async fn count(tenant: &mut Tenant, analysis: &Analysis) -> Result<i64> {
    let mut statement = statement::count(tenant.org(), analysis);
    statement.build_query_scalar().fetch_one(&mut **tenant).await.map_err(Error::query("analytics.count"))
}

/// Opens the groups of an analysis as a cursor of this transaction, to be read with [`next_groups`].
///
/// # Errors
/// When the database fails.
pub(crate) async fn open_groups(tenant: &mut Tenant, analysis: &Analysis) -> Result<()> {
    let mut statement = statement::of("DECLARE groups NO SCROLL CURSOR FOR ", tenant.org(), analysis, false);
    let opened = statement.build().persistent(false).execute(&mut **tenant).await;
    opened.map_err(Error::query("analytics.open_groups")).map(drop)
}

/// The next groups of that cursor, a thousand at most; none after the last ones.
///
/// # Errors
/// When the database fails.
pub(crate) async fn next_groups(tenant: &mut Tenant) -> Result<Vec<Group>> {
    let rows: Vec<Row> = sqlx::query_as("FETCH 1000 FROM groups")
        // Which columns it has is decided by the cursor, and every transaction has its own.
        .persistent(false)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("analytics.next_groups"))?;
    Ok(rows.into_iter().map(|Row(group)| group).collect())
}

/// All sums in one.
///
/// # Errors
/// When the database fails.
pub async fn total(tenant: &mut Tenant, analysis: &Analysis) -> Result<Sums> {
    let analysis = Analysis { by: Vec::new(), limit: None, offset: 0, ..analysis.clone() };
    let groups = groups(tenant, &analysis).await?;
    Ok(groups.into_iter().next().map(|group| group.sums).unwrap_or_default())
}

/// The SQL that answers an analysis, with `$1` … for its values: a receipt. `dated`: that of [`dated_groups`].
#[must_use]
pub fn sql(org: domain::OrgId, analysis: &Analysis, dated: bool) -> String {
    statement::of("", org, analysis, dated).into_string()
}

/// Amounts of the rows meant that have no rate, by vendor, currency and month.
///
/// # Errors
/// When the database fails.
pub async fn unconverted(tenant: &mut Tenant, analysis: &Analysis) -> Result<Vec<Unconverted>> {
    let by = vec![Dimension::Vendor, Dimension::Currency, Dimension::Month];
    let analysis = Analysis { by, metrics: Vec::new(), limit: None, offset: 0, ..analysis.clone() };
    let mut statement = statement::unconverted(tenant.org(), &analysis);
    statement.build_query_as().fetch_all(&mut **tenant).await.map_err(Error::query("analytics.unconverted"))
}

/// What people call the values of a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    /// Names of vendors by key.
    pub vendors: BTreeMap<String, String>,
    /// SKUs and names of products by EAN, where there are any.
    pub products: BTreeMap<String, (Option<String>, Option<String>)>,
}

impl Names {
    /// The fields beside the value of a dimension.
    #[must_use]
    pub fn fields(dimension: Dimension) -> &'static [&'static str] {
        match dimension {
            Dimension::Vendor => &["vendor_name"],
            Dimension::Product => &["product_sku", "product_name"],
            _ => &[],
        }
    }

    /// What they say, in the same order.
    pub fn beside(&self, dimension: Dimension, value: Option<&str>) -> impl Iterator<Item = Option<&str>> {
        let known = value.unwrap_or_default();
        let said = match dimension {
            Dimension::Vendor => [self.vendors.get(known).map(String::as_str), None],
            Dimension::Product => {
                self.products.get(known).map_or([None, None], |(sku, name)| [sku.as_deref(), name.as_deref()])
            }
            _ => [None, None],
        };
        said.into_iter().take(Self::fields(dimension).len())
    }
}

/// Names of the vendors and products among the values of these groups, by their keys.
///
/// # Errors
/// When the database fails.
pub async fn names<'a>(
    tenant: &mut Tenant,
    by: &[Dimension],
    keys: impl Iterator<Item = &'a Vec<Option<String>>> + Clone,
) -> Result<Names> {
    let values = |wanted: Dimension| -> Vec<&str> {
        let place = by.iter().position(|dimension| *dimension == wanted);
        place.map_or_else(Vec::new, |place| {
            keys.clone().filter_map(|key| key.get(place)?.as_deref()).collect()
        })
    };
    let (vendors, products) = (values(Dimension::Vendor), values(Dimension::Product));
    let mut names = Names::default();
    if !vendors.is_empty() {
        let named: Vec<(String, String)> =
            sqlx::query_as("SELECT key, name FROM vendors WHERE org_id = $1 AND key = ANY ($2)")
                .bind(tenant.org().0)
                .bind(vendors)
                .fetch_all(&mut **tenant)
                .await
                .map_err(Error::query("analytics.vendor_names"))?;
        names.vendors.extend(named);
    }
    if !products.is_empty() {
        let named: Vec<(String, Option<String>, Option<String>)> =
            sqlx::query_as("SELECT ean, sku, name FROM products WHERE org_id = $1 AND ean = ANY ($2)")
                .bind(tenant.org().0)
                .bind(products)
                .fetch_all(&mut **tenant)
                .await
                .map_err(Error::query("analytics.product_names"))?;
        names.products.extend(named.into_iter().map(|(ean, sku, name)| (ean, (sku, name))));
    }
    Ok(names)
}

impl FromRow<'_, PgRow> for Row {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(Self(Group {
            key: row.try_get("key")?,
            sums: Sums {
                records: row.try_get("records")?,
                first: row.try_get("first")?,
                last: row.try_get("last")?,
                euro: row.try_get("euro")?,
                with_euro: row.try_get("with_euro")?,
                unconverted: row.try_get("unconverted")?,
                local: row.try_get("local")?,
                with_local: row.try_get("with_local")?,
                currencies: row.try_get("currencies")?,
                currency: row.try_get("currency")?,
                quantity: row.try_get("quantity")?,
                with_quantity: row.try_get("with_quantity")?,
                returns_euro: row.try_get("returns_euro")?,
                paired_euro: row.try_get("paired_euro")?,
                paired_quantity: row.try_get("paired_quantity")?,
                order_lines: row.try_get("order_lines")?,
                order_euro: row.try_get("order_euro")?,
                unconverted_orders: row.try_get("unconverted_orders")?,
                order_quantity: row.try_get("order_quantity")?,
                orders: row.try_get("orders")?,
                buyers: row.try_get("buyers")?,
                with_buyer: row.try_get("with_buyer")?,
                costed_lines: row.try_get("costed_lines")?,
                cost_euro: row.try_get("cost_euro")?,
                fees_euro: row.try_get("fees_euro")?,
                profit_euro: row.try_get("profit_euro")?,
                costed_euro: row.try_get("costed_euro")?,
            },
        }))
    }
}
