//! Tenants.

use chrono::NaiveDate;
use domain::OrgId;
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// A row of `organizations`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Organization {
    pub slug: String,
    pub name: String,
}

/// Creates the organisation of this transaction; `false` when another one has the slug.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, slug: &str, name: &str) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $3) ON CONFLICT (slug) DO NOTHING",
    )
    .bind(tenant.org().0)
    .bind(slug)
    .bind(name)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("organizations.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// The organisation of this transaction.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant) -> Result<Option<Organization>> {
    sqlx::query_as("SELECT slug, name FROM organizations")
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("organizations.find"))
}

/// The organisation with this slug, among all of them.
///
/// # Errors
/// When the database fails.
pub async fn find_id_by_slug(service: &mut sqlx::PgConnection, slug: &str) -> Result<Option<OrgId>> {
    let id: Option<sqlx::types::Uuid> = sqlx::query_scalar("SELECT service.find_org_by_slug($1)")
        .bind(slug)
        .fetch_one(service)
        .await
        .map_err(Error::query("organizations.find_id_by_slug"))?;
    Ok(id.map(OrgId))
}

/// What day it is for the organisation, and the month that its fiscal years begin with, 1 to 12.
///
/// # Errors
/// When the database fails.
pub async fn calendar(tenant: &mut Tenant) -> Result<(NaiveDate, u32)> {
    let (today, month): (NaiveDate, i16) =
        sqlx::query_as("SELECT (now() AT TIME ZONE time_zone)::date, fiscal_year_begins FROM organizations")
            .fetch_one(&mut **tenant)
            .await
            .map_err(Error::query("organizations.calendar"))?;
    Ok((today, u32::from(month.unsigned_abs())))
}
