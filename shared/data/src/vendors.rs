//! Vendors: of whom something is booked, or who were made known before.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{AssertSqlSafe, FromRow};

use crate::{Error, Result, Tenant, catalogue::ImportCounts};

/// A row of `vendors`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Vendor {
    /// As everywhere: lower case, `skins_nl`.
    pub key: String,
    pub name: String,
    /// ISO 3166-1 alpha-2; `None`: several, or not known.
    pub country: Option<String>,
    /// Of the people who send its files, for reminders.
    pub contact_email: Option<String>,
    pub contact_name: Option<String>,
    /// A `domain::ReportLocale`; `None`: English.
    pub contact_language: Option<String>,
    /// Since when nobody waits for files of it.
    pub archived_at: Option<DateTime<Utc>>,
    /// Last day of the last period that counts; `None` when all of it was undone.
    pub last_reported: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A vendor as somebody states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVendor {
    /// Lower case letters, digits and `_`.
    pub key: String,
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub contact_email: Option<String>,
    pub contact_name: Option<String>,
    /// A `domain::ReportLocale`.
    pub contact_language: Option<String>,
}

const COLUMNS: &str =
    "v.key, v.name, v.country, v.contact_email, v.contact_name, v.contact_language, v.archived_at,
    v.version, v.created_at, v.updated_at,
    (SELECT max(p.period_end) FROM reporting_periods p
        WHERE p.org_id = v.org_id AND p.vendor = v.key AND p.cut = 'main' AND p.active) AS last_reported";

/// Makes a vendor known that is booked for the first time. What a person named stays.
pub(crate) async fn note(tenant: &mut Tenant, key: &str, name: Option<&str>) -> Result<()> {
    sqlx::query(
        "INSERT INTO vendors (org_id, key, name) VALUES ($1, $2, left(coalesce($3, initcap(replace($2, '_', ' '))), 200))
         ON CONFLICT (org_id, key) DO NOTHING",
    )
    .bind(tenant.org().0)
    .bind(key)
    .bind(name.filter(|name| !name.trim().is_empty()))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("vendors.note"))?;
    Ok(())
}

/// Which vendors to list, in order of their keys: at most `limit`, beginning after `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<&str>) -> Result<Vec<Vendor>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM vendors v WHERE v.org_id = $1 AND ($2::text IS NULL OR v.key > $2) ORDER BY v.key LIMIT $3"
    )))
    .bind(tenant.org().0)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("vendors.list"))
}

/// What people call the vendors, by their keys.
///
/// # Errors
/// When the database fails.
pub async fn names(tenant: &mut Tenant) -> Result<BTreeMap<String, String>> {
    let named: Vec<(String, String)> = sqlx::query_as("SELECT key, name FROM vendors WHERE org_id = $1")
        .bind(tenant.org().0)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("vendors.names"))?;
    Ok(named.into_iter().collect())
}

/// The vendor with this key.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, key: &str) -> Result<Option<Vendor>> {
    sqlx::query_as(AssertSqlSafe(format!(
        "SELECT {COLUMNS} FROM vendors v WHERE v.org_id = $1 AND v.key = $2"
    )))
    .bind(tenant.org().0)
    .bind(key)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("vendors.find"))
}

/// Makes a vendor known of whom nothing is booked yet; `false` when it is known.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, new: &NewVendor) -> Result<bool> {
    let inserted = sqlx::query(
        "INSERT INTO vendors (org_id, key, name, country, contact_email, contact_name, contact_language)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, key) DO NOTHING",
    )
    .bind(tenant.org().0)
    .bind(&new.key)
    .bind(&new.name)
    .bind(&new.country)
    .bind(&new.contact_email)
    .bind(&new.contact_name)
    .bind(&new.contact_language)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("vendors.insert"))?;
    Ok(inserted.rows_affected() == 1)
}

/// Takes stated vendors, each key once. What one leaves blank stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn import(tenant: &mut Tenant, stated: &[NewVendor]) -> Result<ImportCounts> {
    let column = |pick: fn(&NewVendor) -> Option<&str>| stated.iter().map(pick).collect::<Vec<_>>();
    let written: Vec<bool> = sqlx::query_scalar(include_str!("vendors/import.sql"))
        .bind(tenant.org().0)
        .bind(column(|vendor| Some(&vendor.key)))
        .bind(column(|vendor| Some(&vendor.name)))
        .bind(column(|vendor| vendor.country.as_deref()))
        .bind(column(|vendor| vendor.contact_email.as_deref()))
        .bind(column(|vendor| vendor.contact_name.as_deref()))
        .bind(column(|vendor| vendor.contact_language.as_deref()))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("vendors.import"))?;
    Ok(ImportCounts::of(stated.len(), &written))
}

/// Changes what is known about a vendor, if it still is the version that was seen.
///
/// # Errors
/// When the database fails.
pub async fn update(tenant: &mut Tenant, vendor: &Vendor) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE vendors SET name = $3, country = $4, contact_email = $5, contact_name = $7, contact_language = $8, archived_at = $9,
             version = version + 1, updated_at = now()
         WHERE org_id = $1 AND key = $2 AND version = $6",
    )
    .bind(tenant.org().0)
    .bind(&vendor.key)
    .bind(&vendor.name)
    .bind(&vendor.country)
    .bind(&vendor.contact_email)
    .bind(vendor.version)
    .bind(&vendor.contact_name)
    .bind(&vendor.contact_language)
    .bind(vendor.archived_at)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("vendors.update"))?;
    Ok(done.rows_affected() == 1)
}

/// Vendors whose files nobody waits for any more.
///
/// # Errors
/// When the database fails.
pub async fn archived(tenant: &mut Tenant) -> Result<Vec<String>> {
    sqlx::query_scalar("SELECT key FROM vendors WHERE org_id = $1 AND archived_at IS NOT NULL ORDER BY key")
        .bind(tenant.org().0)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("vendors.archived"))
}
