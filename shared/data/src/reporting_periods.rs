//! Statements about periods: what counts, and what counted before.

use chrono::{DateTime, NaiveDate, Utc};
use domain::UploadId;
use rust_decimal::Decimal;
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Error, Result, Tenant};

/// Which statements to list. Of days, statements that share one are meant.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub vendor: Option<String>,
    pub upload: Option<UploadId>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub active: Option<bool>,
    pub cut: Option<String>,
}

/// A row of `reporting_periods` with the name of its file.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Statement {
    pub upload_id: Uuid,
    pub file_name: String,
    pub vendor: String,
    pub cut: String,
    pub period_start: NaiveDate,
    pub period_end: NaiveDate,
    pub currency: String,
    pub stated_at: DateTime<Utc>,
    pub document_kind: String,
    pub records: i64,
    pub quantity: Decimal,
    pub amount_local: Option<Decimal>,
    pub amount_eur: Option<Decimal>,
    pub change: String,
    pub active: bool,
}

/// The place of a statement in the list.
pub type Key = (NaiveDate, NaiveDate, Uuid, String, String);

impl Statement {
    /// Where a list goes on after it.
    #[must_use]
    pub fn key(&self) -> Key {
        (self.period_end, self.period_start, self.upload_id, self.cut.clone(), self.currency.clone())
    }
}

/// At most `limit` statements of completed and undone uploads, latest period first, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<&Key>,
) -> Result<Vec<Statement>> {
    sqlx::query_as(
        "SELECT p.upload_id, u.file_name, p.vendor, p.cut, p.period_start, p.period_end, p.currency, p.stated_at,
             p.document_kind, p.records, p.quantity, p.amount_local, p.amount_eur, p.change, p.active
         FROM reporting_periods p JOIN uploads u ON u.id = p.upload_id
         WHERE p.org_id = $1 AND ($2::text IS NULL OR p.vendor = $2) AND ($3::uuid IS NULL OR p.upload_id = $3)
             AND ($4::date IS NULL OR p.period_end >= $4) AND ($5::date IS NULL OR p.period_start <= $5)
             AND ($6::boolean IS NULL OR p.active = $6) AND ($7::text IS NULL OR p.cut = $7)
             AND ($8::date IS NULL
                 OR (p.period_end, p.period_start, p.upload_id, p.cut, p.currency) < ($8, $9, $10, $11, $12))
         ORDER BY p.period_end DESC, p.period_start DESC, p.upload_id DESC, p.cut DESC, p.currency DESC
         LIMIT $13",
    )
    .bind(tenant.org().0)
    .bind(&filter.vendor)
    .bind(filter.upload.map(|id| id.0))
    .bind(filter.from)
    .bind(filter.to)
    .bind(filter.active)
    .bind(&filter.cut)
    .bind(after.map(|key| key.0))
    .bind(after.map(|key| key.1))
    .bind(after.map(|key| key.2))
    .bind(after.map(|key| key.3.as_str()))
    .bind(after.map(|key| key.4.as_str()))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("reporting_periods.list"))
}
