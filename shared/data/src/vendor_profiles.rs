//! What an organisation knows about its vendors' files: profiles in versions, of which at most one a vendor is in use.

use chrono::{DateTime, Utc};
use domain::{BackTest, Finding, ProfileOrigin, UploadId, UserId, VendorProfileId};
use serde::Deserialize;
use serde_json::Value;
use sqlx::types::Json;

use crate::{Error, Result, Tenant, uploads::Approval};

/// Why a version is not in use that waits for its test.
pub const BEING_TESTED: &str = "being_tested";

/// One version of a profile.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct VendorProfile {
    pub id: VendorProfileId,
    pub version: u32,
    pub vendor: String,
    pub origin: ProfileOrigin,
    pub profile: Value,
    pub active: bool,
    /// Why it is not in use.
    pub inactive: Option<Finding>,
    /// `None` until somebody looked at what it does to files that were booked before.
    pub back_test: Option<BackTest>,
    /// Who put it to use although it contradicts a booked file, and why.
    #[serde(rename = "override")]
    pub overridden: Option<Approval>,
    pub learned_from: Option<UploadId>,
    pub created_by: Option<UserId>,
    pub created_at: DateTime<Utc>,
}

/// The newest version of a profile, and which version is in use.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Newest {
    #[serde(flatten)]
    pub version: VendorProfile,
    pub version_in_use: Option<u32>,
}

/// A version to add. It is not in use before it was tested.
#[derive(Debug, Clone)]
pub struct NewVersion<'a> {
    pub id: VendorProfileId,
    pub version: u32,
    pub vendor: &'a str,
    pub origin: ProfileOrigin,
    pub profile: &'a Value,
    pub learned_from: Option<UploadId>,
    pub created_by: Option<UserId>,
}

/// Which profiles to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub vendor: Option<String>,
    /// Whether a version of it is in use.
    pub active: Option<bool>,
}

/// Keeps other writers away from a vendor's profiles until this transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, vendor: &str) -> Result<()> {
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('profile' || $1::text || $2, 0))")
        .bind(tenant.org().0)
        .bind(vendor)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("vendor_profiles.lock"))?;
    Ok(())
}

/// Adds a version that waits for its test.
///
/// # Errors
/// When the database fails or the version is taken.
pub async fn insert(tenant: &mut Tenant, new: &NewVersion<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO vendor_profiles (org_id, id, version, vendor, origin, profile, active, inactive, learned_from,
             created_by)
         VALUES ($1, $2, $3, $4, $5, $6, false, $7, $8, $9)",
    )
    .bind(tenant.org().0)
    .bind(new.id.0)
    .bind(new.version.cast_signed())
    .bind(new.vendor)
    .bind(new.origin.as_str())
    .bind(new.profile)
    .bind(Json(being_tested()))
    .bind(new.learned_from.map(|id| id.0))
    .bind(new.created_by.map(|id| id.0))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.insert"))?;
    Ok(())
}

/// Has a version wait for its test, whatever kept it out of use.
///
/// # Errors
/// When the database fails.
pub async fn await_test(tenant: &mut Tenant, id: VendorProfileId, version: u32) -> Result<()> {
    deactivate(tenant, id, version, &being_tested()).await
}

fn being_tested() -> Finding {
    Finding {
        code: BEING_TESTED.to_owned(),
        message: "It is being tested on files that were booked before.".to_owned(),
    }
}

/// Keeps what testing a version showed.
///
/// # Errors
/// When the database fails.
pub async fn record_test(
    tenant: &mut Tenant,
    id: VendorProfileId,
    version: u32,
    back_test: &BackTest,
) -> Result<()> {
    sqlx::query("UPDATE vendor_profiles SET back_test = $3 WHERE id = $1 AND version = $2")
        .bind(id.0)
        .bind(version.cast_signed())
        .bind(Json(back_test))
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("vendor_profiles.record_test"))?;
    Ok(())
}

/// Puts a version to use in the place of the one that was, with who overrode its test where somebody did.
///
/// # Errors
/// When the database fails.
pub async fn activate(
    tenant: &mut Tenant,
    id: VendorProfileId,
    version: u32,
    overridden: Option<&Approval>,
) -> Result<()> {
    let replaced =
        Finding { code: "replaced".to_owned(), message: format!("Version {version} took its place.") };
    sqlx::query(
        "UPDATE vendor_profiles SET active = false, inactive = $3 WHERE id = $1 AND version <> $2 AND active",
    )
    .bind(id.0)
    .bind(version.cast_signed())
    .bind(Json(replaced))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.replace"))?;
    sqlx::query(
        "UPDATE vendor_profiles SET active = true, inactive = NULL, override = coalesce($3, override)
         WHERE id = $1 AND version = $2",
    )
    .bind(id.0)
    .bind(version.cast_signed())
    .bind(overridden.map(Json))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.activate"))?;
    Ok(())
}

/// Takes a version out of use, or keeps it out of use for another reason.
///
/// # Errors
/// When the database fails.
pub async fn deactivate(
    tenant: &mut Tenant,
    id: VendorProfileId,
    version: u32,
    reason: &Finding,
) -> Result<()> {
    sqlx::query("UPDATE vendor_profiles SET active = false, inactive = $3 WHERE id = $1 AND version = $2")
        .bind(id.0)
        .bind(version.cast_signed())
        .bind(Json(reason))
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("vendor_profiles.deactivate"))?;
    Ok(())
}

/// Every version in use: what files of the organisation are compared with besides the shipped profiles.
///
/// # Errors
/// When the database fails.
pub async fn in_use(tenant: &mut Tenant) -> Result<Vec<VendorProfile>> {
    let found: Vec<Json<VendorProfile>> = sqlx::query_scalar(
        "SELECT to_jsonb(p) FROM vendor_profiles p WHERE org_id = $1 AND active ORDER BY vendor",
    )
    .bind(tenant.org().0)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.in_use"))?;
    Ok(found.into_iter().map(|Json(profile)| profile).collect())
}

/// At most `limit` profiles by vendor and id, beginning after a vendor and id.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<&(String, String)>,
) -> Result<Vec<Newest>> {
    let (vendor, id) = after.map(|(vendor, id)| (vendor, id)).unzip();
    let found: Vec<Json<Newest>> = sqlx::query_scalar(
        r#"SELECT to_jsonb(newest) || jsonb_build_object('version_in_use', used.version)
           FROM vendor_profiles newest
           LEFT JOIN vendor_profiles used ON used.org_id = $1 AND used.id = newest.id AND used.active
           WHERE newest.org_id = $1 AND ($2::text IS NULL OR newest.vendor = $2)
               AND ($3::boolean IS NULL OR (used.id IS NOT NULL) = $3)
               AND ($4::text IS NULL
                   OR (newest.vendor COLLATE "C", newest.id::text COLLATE "C") > ($4, $5))
               AND newest.version = (
                   SELECT max(version) FROM vendor_profiles v WHERE v.org_id = $1 AND v.id = newest.id
               )
           ORDER BY newest.vendor COLLATE "C", newest.id::text COLLATE "C" LIMIT $6"#,
    )
    .bind(tenant.org().0)
    .bind(&filter.vendor)
    .bind(filter.active)
    .bind(vendor)
    .bind(id)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.list"))?;
    Ok(found.into_iter().map(|Json(newest)| newest).collect())
}

/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: VendorProfileId) -> Result<Option<Newest>> {
    let found: Option<Json<Newest>> = sqlx::query_scalar(
        "SELECT to_jsonb(newest) || jsonb_build_object('version_in_use', used.version)
         FROM vendor_profiles newest
         LEFT JOIN vendor_profiles used ON used.org_id = newest.org_id AND used.id = newest.id AND used.active
         WHERE newest.id = $1 ORDER BY newest.version DESC LIMIT 1",
    )
    .bind(id.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.find"))?;
    Ok(found.map(|Json(newest)| newest))
}

/// The newest version of a vendor's profile.
///
/// # Errors
/// When the database fails.
pub async fn find_of_vendor(tenant: &mut Tenant, vendor: &str) -> Result<Option<VendorProfile>> {
    let found: Option<Json<VendorProfile>> = sqlx::query_scalar(
        "SELECT to_jsonb(p) FROM vendor_profiles p WHERE org_id = $1 AND vendor = $2 ORDER BY version DESC LIMIT 1",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.find_of_vendor"))?;
    Ok(found.map(|Json(profile)| profile))
}

/// At most `limit` versions of a profile, newest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(tenant: &mut Tenant, id: VendorProfileId, limit: u32) -> Result<Vec<VendorProfile>> {
    let found: Vec<Json<VendorProfile>> = sqlx::query_scalar(
        "SELECT to_jsonb(p) FROM vendor_profiles p WHERE id = $1 ORDER BY version DESC LIMIT $2",
    )
    .bind(id.0)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("vendor_profiles.versions"))?;
    Ok(found.into_iter().map(|Json(profile)| profile).collect())
}

/// One version of a profile.
///
/// # Errors
/// When the database fails.
pub async fn find_version(
    tenant: &mut Tenant,
    id: VendorProfileId,
    version: u32,
) -> Result<Option<VendorProfile>> {
    let found: Option<Json<VendorProfile>> =
        sqlx::query_scalar("SELECT to_jsonb(p) FROM vendor_profiles p WHERE id = $1 AND version = $2")
            .bind(id.0)
            .bind(version.cast_signed())
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("vendor_profiles.find_version"))?;
    Ok(found.map(|Json(profile)| profile))
}

/// Whether a version was learned from an upload.
///
/// # Errors
/// When the database fails.
pub async fn is_learned_from(tenant: &mut Tenant, upload: UploadId) -> Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM vendor_profiles WHERE org_id = $1 AND learned_from = $2)")
        .bind(tenant.org().0)
        .bind(upload.0)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("vendor_profiles.is_learned_from"))
}
