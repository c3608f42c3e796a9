//! What an upload changed, line by line: its rows against the rows that counted for the same periods when it came.
//!
//! Both sides are kept as history, so the list of an upload stays what it was, whatever is booked or undone later. Rows are
//! paired as the counts of `booking::changes` pair them: equal ones cancel, of the rest what went and what came about the
//! same thing is a change.

use chrono::NaiveDate;
use domain::{LineClass, Period, UploadId};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Deserialize;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::{Error, Result, Tenant};

/// What happened to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Added,
    Changed,
    Removed,
}

impl Kind {
    /// The word of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

/// Which lines to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    pub kind: Option<Kind>,
    /// Lines of periods that share a day with it.
    pub period: Option<Period>,
}

/// One side of a change: a row that counted, or one that the upload states.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Side {
    pub upload_id: Uuid,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub sale_date: Option<NaiveDate>,
    pub store: Option<String>,
    pub product_ean: Option<String>,
    pub vendor_product_code: Option<String>,
    pub product_name: Option<String>,
    pub order_id: Option<String>,
    pub quantity: Option<Decimal>,
    pub amount_local: Option<Decimal>,
    pub currency: String,
    pub vat_included: Option<bool>,
    pub line_class: LineClass,
    pub country: Option<String>,
    pub city: Option<String>,
    pub source_sheet: Option<String>,
    pub source_row: i32,
    pub source_column: Option<String>,
}

/// A line that is not what it was; its kind says which sides there are.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its place in the list, from 1.
    pub place: i64,
    pub kind: Kind,
    pub before: Option<Side>,
    pub after: Option<Side>,
}

/// Sums of one kind in one currency, and of the kind over all of them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Total {
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    /// `None`: over all currencies; then only the lines mean something.
    pub currency: Option<String>,
    /// Lines with a side in this currency.
    pub lines: i64,
    /// After less before.
    pub quantity: Decimal,
    pub amount_local: Decimal,
}

/// The word is no kind.
#[derive(Debug, thiserror::Error)]
#[error("unknown kind of change")]
pub struct UnknownKind;

impl TryFrom<String> for Kind {
    type Error = UnknownKind;

    fn try_from(word: String) -> Result<Self, UnknownKind> {
        [Self::Added, Self::Changed, Self::Removed]
            .into_iter()
            .find(|kind| kind.as_str() == word)
            .ok_or(UnknownKind)
    }
}

/// A statement over the differing lines. $1 org, $2 upload, $3 kind, $4 and $5 days of the period
macro_rules! differing {
    ($statement:literal) => {
        concat!(include_str!("changes/differing.sql"), $statement)
    };
}

/// At most `limit` lines in order of period, store and product, beginning after the place `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    upload: UploadId,
    filter: Filter,
    limit: u32,
    after: Option<i64>,
) -> Result<Vec<Change>> {
    #[derive(FromRow)]
    struct Row {
        place: i64,
        kind: String,
        before: Option<Json<Side>>,
        after: Option<Json<Side>>,
    }
    // Numbers travel as text: a JSON number would be read through a float.
    let rows: Vec<Row> = sqlx::query_as(differing!(
        "SELECT place, kind,
             CASE WHEN kind <> 'added' THEN to_jsonb(was) || jsonb_build_object(
                 'quantity', (was).quantity::text, 'amount_local', (was).amount_local::text) END AS before,
             CASE WHEN kind <> 'removed' THEN to_jsonb(says) || jsonb_build_object(
                 'quantity', (says).quantity::text, 'amount_local', (says).amount_local::text) END AS after
         FROM (
             SELECT *, row_number() OVER (
                 ORDER BY period_start, period_end, store, product, key_hash, number
             ) AS place
             FROM wanted
         ) AS placed
         WHERE $6::bigint IS NULL OR place > $6
         ORDER BY place LIMIT $7"
    ))
    .bind(tenant.org().0)
    .bind(upload.0)
    .bind(filter.kind.map(Kind::as_str))
    .bind(filter.period.map(|period| period.start()))
    .bind(filter.period.map(|period| period.end()))
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("changes.list"))?;
    let change = |row: Row| {
        Ok(Change {
            place: row.place,
            kind: row.kind.try_into().map_err(Error::stored("changes.list"))?,
            before: row.before.map(|side| side.0),
            after: row.after.map(|side| side.0),
        })
    };
    rows.into_iter().map(change).collect()
}

/// Lines and sums of everything the filter selects, per kind and currency.
///
/// # Errors
/// When the database fails.
pub async fn totals(tenant: &mut Tenant, upload: UploadId, filter: Filter) -> Result<Vec<Total>> {
    sqlx::query_as(differing!(
        ",
         sides AS (
             SELECT kind, key_hash, number, (was).currency, -(was).quantity AS quantity,
                 -(was).amount_local AS amount_local
             FROM wanted WHERE kind <> 'added'
             UNION ALL
             SELECT kind, key_hash, number, (says).currency, (says).quantity, (says).amount_local
             FROM wanted WHERE kind <> 'removed'
         )
         SELECT kind, currency, count(DISTINCT (key_hash, number)) AS lines, coalesce(sum(quantity), 0) AS quantity,
             coalesce(sum(amount_local), 0) AS amount_local
         FROM sides GROUP BY GROUPING SETS ((kind), (kind, currency)) ORDER BY kind, currency"
    ))
    .bind(tenant.org().0)
    .bind(upload.0)
    .bind(filter.kind.map(Kind::as_str))
    .bind(filter.period.map(|period| period.start()))
    .bind(filter.period.map(|period| period.end()))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("changes.totals"))
}
