//! Tenants.

use chrono::{DateTime, NaiveDate, Utc};
use domain::OrgId;
use sqlx::{FromRow, types::Uuid};

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
    let id: Option<Uuid> = sqlx::query_scalar("SELECT service.find_org_by_slug($1)")
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

/// What day it is for the organisation at a moment.
///
/// # Errors
/// When the database fails.
pub async fn day_at(tenant: &mut Tenant, now: DateTime<Utc>) -> Result<NaiveDate> {
    sqlx::query_scalar("SELECT ($1 AT TIME ZONE time_zone)::date FROM organizations")
        .bind(now)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("organizations.day_at"))
}

/// What an organisation decides about itself.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Settings {
    pub slug: String,
    pub name: String,
    /// Month, 1 to 12.
    pub fiscal_year_begins: i16,
    /// IANA, for example `Europe/Berlin`.
    pub time_zone: String,
    /// What reports call it, where that is not its name.
    pub brand_name: Option<String>,
    /// `#1D4E89`
    pub brand_colour: Option<String>,
    pub has_logo: bool,
    /// Whether a keyed hash of its web shop's buyers is kept.
    pub keeps_buyers: bool,
    pub version: i32,
}

/// The settings of the organisation of this transaction.
///
/// # Errors
/// When the database fails.
pub async fn settings(tenant: &mut Tenant) -> Result<Option<Settings>> {
    sqlx::query_as(
        "SELECT slug, name, fiscal_year_begins, time_zone, brand_name, brand_colour, brand_logo IS NOT NULL AS has_logo,
             buyer_salt IS NOT NULL AS keeps_buyers, version
         FROM organizations",
    )
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("organizations.settings"))
}

/// The logo of the organisation of this transaction: a PNG or JPEG picture.
///
/// # Errors
/// When the database fails.
pub async fn logo(tenant: &mut Tenant) -> Result<Option<Vec<u8>>> {
    let logo: Option<Option<Vec<u8>>> = sqlx::query_scalar("SELECT brand_logo FROM organizations")
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("organizations.logo"))?;
    Ok(logo.flatten())
}

/// What the hashes of its buyers are salted with; `None`: it keeps none.
///
/// # Errors
/// When the database fails.
pub async fn buyer_salt(tenant: &mut Tenant) -> Result<Option<Uuid>> {
    let salt: Option<Option<Uuid>> = sqlx::query_scalar("SELECT buyer_salt FROM organizations")
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("organizations.buyer_salt"))?;
    Ok(salt.flatten())
}

/// Changes the settings that were seen in this version, and the logo where one is given; `false` when they have changed
/// since.
///
/// # Errors
/// When the database fails.
pub async fn update(tenant: &mut Tenant, settings: &Settings, logo: Option<&[u8]>) -> Result<bool> {
    let updated = sqlx::query(
        "UPDATE organizations SET name = $3, fiscal_year_begins = $4, time_zone = $5, brand_name = $6, brand_colour = $7,
             brand_logo = CASE WHEN $8 THEN coalesce($9, brand_logo) END,
             buyer_salt = CASE WHEN $10 THEN coalesce(buyer_salt, gen_random_uuid()) END, version = version + 1
         WHERE id = $1 AND version = $2",
    )
    .bind(tenant.org().0)
    .bind(settings.version)
    .bind(&settings.name)
    .bind(settings.fiscal_year_begins)
    .bind(&settings.time_zone)
    .bind(&settings.brand_name)
    .bind(&settings.brand_colour)
    .bind(settings.has_logo)
    .bind(logo)
    .bind(settings.keeps_buyers)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("organizations.update"))?;
    Ok(updated.rows_affected() == 1)
}

/// Whether there is a time zone of this name.
///
/// # Errors
/// When the database fails.
pub async fn knows_time_zone(tenant: &mut Tenant, name: &str) -> Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = $1)")
        .bind(name)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("organizations.knows_time_zone"))
}
