//! Moves staged rows into the books and lets the right ones count.

use chrono::NaiveDate;
use sqlx::{FromRow, postgres::PgArguments, query::QueryAs};

use super::apply::Scope;
use crate::{Error, Result, Tenant};

/// What settling moved.
#[derive(Debug, Default, FromRow)]
pub(super) struct Settled {
    /// Days on which rows of the main cut began or ceased to count.
    pub(super) dates: Vec<NaiveDate>,
    /// Rows of the main cut that count no more, and that count again; a row replaced by an equal one is neither.
    pub(super) removed: i64,
    pub(super) restored: i64,
}

impl Settled {
    /// Adds the days of the staged rows, which were inserted as they count.
    pub(super) async fn add_staged(&mut self, tenant: &mut Tenant) -> Result<()> {
        let staged: Vec<NaiveDate> = sqlx::query_scalar(
            "SELECT DISTINCT coalesce(sale_date, period_end) FROM pg_temp.staged WHERE cut = 'main'",
        )
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("booking.staged_days"))?;
        self.dates.extend(staged);
        self.dates.sort_unstable();
        self.dates.dedup();
        Ok(())
    }
}

pub(super) async fn insert_entries(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    insert(tenant, scope, include_str!("insert_entries.sql")).await
}

pub(super) async fn insert_lines(tenant: &mut Tenant, scope: Scope<'_>) -> Result<()> {
    insert(tenant, scope, include_str!("insert_lines.sql")).await
}

pub(super) async fn settle_entries(tenant: &mut Tenant, scope: Scope<'_>) -> Result<Settled> {
    settle(tenant, scope, sqlx::query_as(include_str!("settle_entries.sql"))).await
}

pub(super) async fn settle_lines(tenant: &mut Tenant, scope: Scope<'_>) -> Result<Settled> {
    settle(tenant, scope, sqlx::query_as(include_str!("settle_lines.sql"))).await
}

async fn insert(tenant: &mut Tenant, scope: Scope<'_>, statement: &'static str) -> Result<()> {
    sqlx::query(statement)
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .bind(scope.reading)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("booking.insert_rows"))?;
    Ok(())
}

async fn settle(
    tenant: &mut Tenant,
    scope: Scope<'_>,
    statement: QueryAs<'static, sqlx::Postgres, Settled, PgArguments>,
) -> Result<Settled> {
    statement
        .bind(tenant.org().0)
        .bind(scope.upload.0)
        .bind(scope.vendor)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("booking.settle_rows"))
}
