//! Which vendor has reported which days, and which days it should have reported.

mod alike;
mod arrivals;
mod cells;
mod days;
mod lacking;
mod late;
mod rhythm;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{Period, UploadId};
use sqlx::FromRow;
use uuid::Uuid;

use self::lacking::silent_vendors;
pub use self::{
    alike::{LeftOut, LikeForLike, Reason, like_for_like},
    arrivals::Arrivals,
    cells::{Cell, State},
    lacking::{Coverage, Missing, MissingPeriod, is_meant, missing, state_word},
    late::{Late, ending, has_stopped, is_open, late},
    rhythm::Rhythm,
};
use crate::{
    Error, Result, Tenant,
    known_gaps::{self, KnownGap},
};

/// Everything that vendors have said and will not say, as far as it decides what is missing.
#[derive(Debug, Clone, Default)]
pub struct Books {
    vendors: BTreeMap<String, Said>,
}

/// What one vendor said.
#[derive(Debug, Clone, Default)]
struct Said {
    /// Periods that count, in order of time.
    periods: Vec<Reported>,
    /// First and last day of every export of order lines: between them no order is a fact.
    exports: Vec<Period>,
    gaps: Vec<KnownGap>,
}

/// A period that counts, and the upload that states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    pub period: Period,
    /// Order lines: days that grow with every export.
    pub increment: bool,
    pub upload: UploadId,
    pub file_name: String,
    pub stated_at: DateTime<Utc>,
    /// When the period was stated for the first time.
    pub first_stated_on: NaiveDate,
    /// How often it was stated, restatements included.
    pub statements: i64,
}

/// One vendor's row of the matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct VendorCoverage {
    pub vendor: String,
    /// `None` while too few periods are known, or they have no rhythm.
    pub rhythm: Option<Rhythm>,
    pub arrivals: Arrivals,
    /// Periods that count, in the whole history.
    pub periods: usize,
    pub last_reported: NaiveDate,
    /// In order of time; no two cells share a day unless two statements do.
    pub cells: Vec<Cell>,
}

/// Loads what decides about one vendor, or about all.
///
/// # Errors
/// When the database fails.
pub async fn load(tenant: &mut Tenant, vendor: Option<&str>) -> Result<Books> {
    let mut books = Books::default();
    for row in periods(tenant, vendor).await? {
        let reported = Reported {
            period: Period::new(row.period_start, row.period_end)
                .map_err(Error::stored("coverage.periods"))?,
            increment: row.increment,
            upload: UploadId(row.upload_id),
            file_name: row.file_name,
            stated_at: row.stated_at,
            first_stated_on: row.first_stated_at.date_naive(),
            statements: row.statements,
        };
        books.vendors.entry(row.vendor).or_default().periods.push(reported);
    }
    for (vendor, start, end) in exports(tenant, vendor).await? {
        let export = Period::new(start, end).map_err(Error::stored("coverage.exports"))?;
        books.vendors.entry(vendor).or_default().exports.push(export);
    }
    for gap in known_gaps::all(tenant, vendor).await? {
        // A gap of a vendor that has never reported anything explains nothing yet.
        if let Some(said) = books.vendors.get_mut(&gap.vendor) {
            said.gaps.push(gap);
        }
    }
    Ok(books)
}

impl Books {
    /// The matrix as it stands on `today`, cut down to the cells that have a day from `from` to `to`.
    #[must_use]
    pub fn coverage(
        &self,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Vec<VendorCoverage> {
        let within = |cell: &Cell| {
            from.is_none_or(|from| cell.period.end() >= from) && to.is_none_or(|to| cell.period.start() <= to)
        };
        let row = |(vendor, said): (&String, &Said)| {
            let last_reported = said.periods.iter().map(|reported| reported.period.end()).max()?;
            let rhythm = Rhythm::learn(&said.periods);
            let arrivals = Arrivals::learn(&said.periods, rhythm);
            let mut cells = cells::of(said, rhythm, &arrivals, today);
            cells.retain(within);
            Some(VendorCoverage {
                vendor: vendor.clone(),
                rhythm,
                arrivals,
                periods: said.periods.len(),
                last_reported,
                cells,
            })
        };
        self.vendors.iter().filter_map(row).collect()
    }
}

#[derive(FromRow)]
struct PeriodRow {
    vendor: String,
    period_start: NaiveDate,
    period_end: NaiveDate,
    increment: bool,
    upload_id: Uuid,
    file_name: String,
    stated_at: DateTime<Utc>,
    first_stated_at: DateTime<Utc>,
    statements: i64,
}

/// Every period that counts, with the latest statement about it. What was undone was never said.
async fn periods(tenant: &mut Tenant, vendor: Option<&str>) -> Result<Vec<PeriodRow>> {
    sqlx::query_as(
        "SELECT p.vendor, p.period_start, p.period_end, bool_or(p.document_kind = 'increment') AS increment,
             (array_agg(p.upload_id ORDER BY p.stated_at DESC, p.upload_id DESC) FILTER (WHERE p.active))[1] AS upload_id,
             (array_agg(u.file_name ORDER BY p.stated_at DESC, p.upload_id DESC) FILTER (WHERE p.active))[1] AS file_name,
             max(p.stated_at) FILTER (WHERE p.active) AS stated_at, min(p.stated_at) AS first_stated_at,
             count(DISTINCT p.upload_id) AS statements
         FROM reporting_periods p JOIN uploads u ON u.org_id = p.org_id AND u.id = p.upload_id
         WHERE p.org_id = $1 AND p.cut = 'main' AND u.status <> 'undone' AND ($2::text IS NULL OR p.vendor = $2)
         GROUP BY 1, 2, 3
         HAVING bool_or(p.active)
         ORDER BY 1, 2, 3",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("coverage.periods"))
}

async fn exports(tenant: &mut Tenant, vendor: Option<&str>) -> Result<Vec<(String, NaiveDate, NaiveDate)>> {
    sqlx::query_as(
        "SELECT vendor, min(period_start), max(period_end) FROM reporting_periods
         WHERE org_id = $1 AND cut = 'main' AND active AND document_kind = 'increment'
             AND ($2::text IS NULL OR vendor = $2)
         GROUP BY vendor, upload_id",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("coverage.exports"))
}
