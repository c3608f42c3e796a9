//! Stores of vendors, and the spellings that files print for them. Until a person says that spellings are one store, rows
//! show what is printed; what is printed is always kept.

mod import;
mod spellings;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{StoreKind, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

pub(crate) use self::spellings::stage;
pub use self::{
    import::{Stated, import},
    spellings::{SpellingWithdrawn, withdraw},
};
use crate::{Error, Result, Tenant, catalogue, rollup};

/// A spelling of a store that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spelling {
    pub id: Uuid,
    pub spelling: String,
    pub source: String,
    pub created_at: DateTime<Utc>,
    pub created_by: Uuid,
}

/// A store that somebody put together.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Store {
    pub id: Uuid,
    pub vendor: String,
    pub name: String,
    /// Where these are `None`, rows show what they say themselves.
    pub kind: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub spellings: Json<Vec<Spelling>>,
    /// Rows that count.
    pub rows: i64,
    /// Since when nobody is offered it any more.
    pub archived_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// What a person says about a store. `None` leaves a detail as it is, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct Details {
    pub kind: Option<Option<StoreKind>>,
    pub city: Option<Option<String>>,
    pub country: Option<Option<String>>,
    pub archived: Option<bool>,
}

/// A printed spelling that belongs to no store.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Unassigned {
    pub vendor: String,
    pub spelling: String,
    pub kind: Option<String>,
    pub rows: i64,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
}

/// Says that these spellings, and the name itself, are one store of the vendor: from now on and in everything booked so
/// far.
///
/// The store is made, or extended when it exists; spellings of other stores move to it. Also how many rows changed.
///
/// # Errors
/// When the database fails.
pub async fn confirm(
    tenant: &mut Tenant,
    vendor: &str,
    name: &str,
    spellings: &[String],
    details: &Details,
    by: UserId,
) -> Result<(Store, u64)> {
    catalogue::lock(tenant).await?;
    let id = named(tenant, vendor, name, by).await?;
    let detailed = describe(tenant, id, None, details, by).await?;
    let mut rows = 0;
    for spelling in spellings.iter().map(String::as_str).chain([name]) {
        rows += spellings::point(tenant, vendor, spelling, id, by).await?.rows;
    }
    if detailed {
        recompute(tenant, id, vendor).await?;
    }
    let store = find(tenant, id).await?.ok_or_else(|| Error::stored("stores.confirm")("it is gone"))?;
    Ok((store, rows))
}

/// The store of this name, made if there is none.
async fn named(tenant: &mut Tenant, vendor: &str, name: &str, by: UserId) -> Result<Uuid> {
    // The update changes nothing: it makes RETURNING give the store that is already there.
    sqlx::query_scalar(
        "INSERT INTO stores (org_id, vendor, name, created_by, updated_by) VALUES ($1, $2, $3, $4, $4)
         ON CONFLICT ON CONSTRAINT stores_name DO UPDATE SET name = EXCLUDED.name
         RETURNING id",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(name)
    .bind(by.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("stores.insert"))
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    Done(Box<Store>),
    /// Another store of the vendor has this name: spellings move with [`confirm`].
    NameTaken,
    Unknown,
}

/// Changes what a store is called and where it is, or puts it away.
///
/// # Errors
/// When the database fails.
pub async fn update(
    tenant: &mut Tenant,
    id: Uuid,
    name: Option<&str>,
    details: &Details,
    by: UserId,
) -> Result<Changed> {
    catalogue::lock(tenant).await?;
    let Some(store) = find(tenant, id).await? else { return Ok(Changed::Unknown) };
    let taken: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM stores WHERE vendor = $1 AND name = $2 AND id <> $3)")
            .bind(&store.vendor)
            .bind(name)
            .bind(id)
            .fetch_one(&mut **tenant)
            .await
            .map_err(Error::query("stores.name_taken"))?;
    if taken {
        return Ok(Changed::NameTaken);
    }
    if describe(tenant, id, name, details, by).await? {
        recompute(tenant, id, &store.vendor).await?;
    }
    Ok(find(tenant, id).await?.map_or(Changed::Unknown, |store| Changed::Done(Box::new(store))))
}

/// At most `limit` stores, the newest first, beginning after the store `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    vendor: Option<&str>,
    limit: u32,
    after: Option<Uuid>,
) -> Result<Vec<Store>> {
    select(tenant, vendor, None, after, limit).await
}

/// Printed spellings that belong to no store, by vendor. The first ten thousand: a person works through them.
///
/// # Errors
/// When the database fails.
pub async fn unassigned(tenant: &mut Tenant, vendor: Option<&str>) -> Result<Vec<Unassigned>> {
    sqlx::query_as(include_str!("stores/unmatched.sql"))
        .bind(tenant.org().0)
        .bind(vendor)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("stores.unassigned"))
}

/// (vendor, name) of every store that was not put away.
///
/// # Errors
/// When the database fails.
pub async fn names(tenant: &mut Tenant, vendor: Option<&str>) -> Result<Vec<(String, String)>> {
    sqlx::query_as(
        "SELECT vendor, name FROM stores WHERE archived_at IS NULL AND ($1::text IS NULL OR vendor = $1) ORDER BY vendor, name",
    )
    .bind(vendor)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("stores.names"))
}

/// The store with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: Uuid) -> Result<Option<Store>> {
    Ok(select(tenant, None, Some(id), None, 1).await?.pop())
}

async fn select(
    tenant: &mut Tenant,
    vendor: Option<&str>,
    id: Option<Uuid>,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Store>> {
    sqlx::query_as(include_str!("stores/list.sql"))
        .bind(tenant.org().0)
        .bind(vendor)
        .bind(id)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("stores.list"))
}

/// Writes what is said about a store; `false` when it says nothing new.
async fn describe(
    tenant: &mut Tenant,
    id: Uuid,
    name: Option<&str>,
    details: &Details,
    by: UserId,
) -> Result<bool> {
    let Details { kind, city, country, archived } = details;
    let changed = sqlx::query(
        "WITH said AS (
             SELECT coalesce($2, name) AS name, CASE WHEN $3 THEN $4 ELSE kind END AS kind,
                 CASE WHEN $5 THEN $6 ELSE city END AS city, CASE WHEN $7 THEN $8 ELSE country END AS country,
                 CASE WHEN coalesce($10, archived_at IS NOT NULL) THEN coalesce(archived_at, now()) END AS archived_at
             FROM stores WHERE id = $1
         )
         UPDATE stores s
         SET name = said.name, kind = said.kind, city = said.city, country = said.country,
             archived_at = said.archived_at, version = s.version + 1, updated_at = now(), updated_by = $9
         FROM said
         WHERE s.id = $1 AND (s.name, s.kind, s.city, s.country, s.archived_at)
             IS DISTINCT FROM (said.name, said.kind, said.city, said.country, said.archived_at)",
    )
    .bind(id)
    .bind(name)
    .bind(kind.is_some())
    .bind(kind.flatten().map(StoreKind::as_str))
    .bind(city.is_some())
    .bind(city.as_ref().and_then(Option::as_ref))
    .bind(country.is_some())
    .bind(country.as_ref().and_then(Option::as_ref))
    .bind(by.0)
    .bind(archived)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("stores.describe"))?;
    Ok(changed.rows_affected() == 1)
}

/// Sums up anew the days on which a store sold.
async fn recompute(tenant: &mut Tenant, id: Uuid, vendor: &str) -> Result<()> {
    let days: Vec<NaiveDate> = sqlx::query_scalar(
        "SELECT counts_on FROM sellout_entries WHERE org_id = $1 AND store_id = $2
         UNION
         SELECT counts_on FROM ecommerce_orders WHERE org_id = $1 AND store_id = $2",
    )
    .bind(tenant.org().0)
    .bind(id)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("stores.days"))?;
    rollup::recompute(tenant, vendor, &days).await
}
