//! Statements: what an upload says about periods, and which statement counts.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Currency, Cut, DocumentKind, Finding, MailPeriod, MailTotal, Period, PeriodChange, Question, Report,
    UploadId,
};
use rust_decimal::Decimal;
use sqlx::FromRow;
use uuid::Uuid;

use super::apply::Scope;
use crate::{Error, Result, Tenant};

/// Writes the statements of a document and of its staged rows.
pub(super) async fn insert(
    tenant: &mut Tenant,
    scope: Scope<'_>,
    stated_at: DateTime<Utc>,
    report: &Report,
) -> Result<()> {
    let periods = &report.periods;
    let cuts: Vec<&str> = periods.iter().map(|stated| stated.cut.0.as_str()).collect();
    let starts: Vec<NaiveDate> = periods.iter().map(|stated| stated.period.start()).collect();
    let ends: Vec<NaiveDate> = periods.iter().map(|stated| stated.period.end()).collect();
    let currencies: Vec<&str> = periods.iter().map(|stated| stated.currency.as_str()).collect();
    sqlx::query(include_str!("insert_statements.sql"))
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .bind(stated_at)
        .bind(kind(report.kind))
        .bind(cuts)
        .bind(starts)
        .bind(ends)
        .bind(currencies)
        .bind(scope.reading)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.insert_statements"))?;
    Ok(())
}

fn kind(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Snapshot => "snapshot",
        DocumentKind::Living => "living",
        DocumentKind::Increment => "increment",
    }
}

/// Gives each statement of a document its version in the books; whether one of them differs from a version before.
pub(super) async fn number(tenant: &mut Tenant, scope: Scope<'_>) -> Result<bool> {
    let bases: Vec<Option<i32>> = sqlx::query_scalar(include_str!("number_versions.sql"))
        .bind(tenant.org().0)
        .bind(scope.vendor)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("booking.number_versions"))?;
    Ok(bases.into_iter().flatten().any(|base| base > 0))
}

/// Compares the new statements with those that count; equal ones are the same version.
pub(super) async fn compare(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    sqlx::query(include_str!("compare_statements.sql"))
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .bind(scope.reading)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.compare_statements"))?;
    Ok(())
}

/// The same for an increment, whose periods change through their lines.
pub(super) async fn compare_lines(
    tenant: &mut Tenant,
    scope: Scope<'_>,
    stated_at: DateTime<Utc>,
) -> Result<()> {
    sqlx::query(include_str!("compare_lines.sql"))
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .bind(stated_at)
        .bind(scope.reading)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.compare_lines"))?;
    Ok(())
}

/// Decides which statements count about every period that the upload states.
pub(super) async fn settle(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    sqlx::query(include_str!("settle_statements.sql"))
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.settle_statements"))?;
    Ok(())
}

/// A warning when newer statements about some of its periods exist.
pub(super) async fn late(tenant: &mut Tenant, scope: Scope<'_>) -> Result<Option<Finding>> {
    let late: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT (period_start, period_end)) FROM reporting_periods
         WHERE org_id = $1 AND upload_id = $2 AND cut = 'main' AND NOT active",
    )
    .bind(tenant.org().0)
    .bind(scope.upload.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("booking.count_late"))?;
    Ok((late > 0).then(|| Finding {
        code: "newer_statement_exists".to_owned(),
        message: format!(
            "A file sent later already reports {late} of the periods in this one; for these the later file counts \
             and this one is kept as history."
        ),
    }))
}

/// A question when a period cuts across another one of the same vendor: counting both would count days twice.
pub(super) async fn overlap(tenant: &mut Tenant, scope: Scope<'_>) -> Result<Option<Question>> {
    #[derive(FromRow)]
    struct Overlap {
        period_start: NaiveDate,
        period_end: NaiveDate,
        other_start: NaiveDate,
        other_end: NaiveDate,
        other_upload: Uuid,
        other_file: String,
    }
    let found: Option<Overlap> = sqlx::query_as(
        "SELECT said.period_start, said.period_end, other.period_start AS other_start, other.period_end AS other_end,
             other.upload_id AS other_upload, u.file_name AS other_file
         FROM reporting_periods said
         JOIN reporting_periods other ON other.org_id = $1 AND other.vendor = $3 AND other.cut = said.cut
             AND other.active AND other.records > 0
             AND other.period_start <= said.period_end AND other.period_end >= said.period_start
             AND (other.period_start, other.period_end) <> (said.period_start, said.period_end)
         JOIN uploads u ON u.id = other.upload_id
         WHERE said.org_id = $1 AND said.upload_id = $2 AND said.active AND said.records > 0
         ORDER BY said.cut <> 'main', said.period_start, other.period_start LIMIT 1",
    )
    .bind(tenant.org().0)
    .bind(scope.upload.0)
    .bind(scope.vendor)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("booking.find_overlap"))?;
    Ok(found.map(|found| Question {
        id: "period_overlap".to_owned(),
        code: "period_overlap".to_owned(),
        message: format!(
            "{} to {} overlaps {} to {}, which \"{}\" (upload {}) already reports for this vendor. Booking both counts \
             the days they share twice: undo the other upload first, or approve this one if both are right.",
            found.period_start,
            found.period_end,
            found.other_start,
            found.other_end,
            found.other_file,
            found.other_upload
        ),
        cell: None,
        suggestion: None,
        options: Vec::new(),
    }))
}

#[derive(FromRow)]
struct PeriodRow {
    period_start: NaiveDate,
    period_end: NaiveDate,
    currency: String,
    records: i64,
    quantity: Decimal,
    amount_local: Option<Decimal>,
    change: String,
}

/// The periods of the main cut that an upload states, in order of time.
pub(super) async fn report(tenant: &mut Tenant, upload: UploadId) -> Result<Vec<MailPeriod>> {
    let rows: Vec<PeriodRow> = sqlx::query_as(
        "SELECT period_start, period_end, currency, records, quantity, amount_local, change FROM reporting_periods
         WHERE org_id = $1 AND upload_id = $2 AND cut = $3 ORDER BY period_start, period_end, currency",
    )
    .bind(tenant.org().0)
    .bind(upload.0)
    .bind(Cut::MAIN)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("booking.report_periods"))?;
    let period = |row: PeriodRow| {
        Ok(MailPeriod {
            period: Period::new(row.period_start, row.period_end)
                .map_err(Error::stored("booking.report_periods"))?,
            currency: currency(&row.currency)?,
            records: row.records.unsigned_abs(),
            quantity: row.quantity,
            amount_local: row.amount_local,
            change: row.change.parse::<PeriodChange>().map_err(Error::stored("booking.report_periods"))?,
        })
    };
    rows.into_iter().map(period).collect()
}

/// The sums of the main cut per currency.
pub(super) async fn totals(tenant: &mut Tenant, upload: UploadId) -> Result<Vec<MailTotal>> {
    let rows: Vec<(String, Decimal, Option<Decimal>, Option<Decimal>)> = sqlx::query_as(
        "SELECT currency, sum(quantity), sum(amount_local),
             CASE WHEN NOT bool_or(amount_local IS NOT NULL AND amount_eur IS NULL) THEN sum(amount_eur) END
         FROM reporting_periods WHERE org_id = $1 AND upload_id = $2 AND cut = $3 GROUP BY currency ORDER BY currency",
    )
    .bind(tenant.org().0)
    .bind(upload.0)
    .bind(Cut::MAIN)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("booking.totals"))?;
    let total = |(code, quantity, amount_local, amount_eur): (String, _, _, _)| {
        Ok(MailTotal { currency: currency(&code)?, quantity, amount_local, amount_eur })
    };
    rows.into_iter().map(total).collect()
}

fn currency(code: &str) -> Result<Currency> {
    code.parse().map_err(Error::stored("booking.currency"))
}
