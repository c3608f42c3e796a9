//! Which store a printed spelling means, decision by decision.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::{UserId, fold};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Error, Result, Tenant, catalogue, rollup};

/// What became of a withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpellingWithdrawn {
    /// So many rows show again what they print.
    Done {
        rows_returned: u64,
    },
    /// It held no more.
    Before,
    Unknown,
}

#[derive(FromRow)]
struct Decision {
    id: Uuid,
    vendor: String,
    spelling_key: String,
    store_id: Uuid,
    withdrawn: bool,
}

/// Takes a spelling away from its store: rows that print it show what they print.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(tenant: &mut Tenant, id: Uuid, by: UserId) -> Result<SpellingWithdrawn> {
    catalogue::lock(tenant).await?;
    let decision: Option<Decision> = sqlx::query_as(
        "SELECT id, vendor, spelling_key, store_id, withdrawn_at IS NOT NULL AS withdrawn FROM store_aliases WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("store_aliases.find"))?;
    let Some(decision) = decision else { return Ok(SpellingWithdrawn::Unknown) };
    if decision.withdrawn {
        return Ok(SpellingWithdrawn::Before);
    }
    let rows_returned = assign(tenant, &decision.vendor, &decision.spelling_key, None).await?;
    end(tenant, decision.id, rows_returned, by).await?;
    Ok(SpellingWithdrawn::Done { rows_returned })
}

/// What pointing a spelling to a store did.
pub(super) struct Pointed {
    /// The store that it meant before.
    pub(super) before: Option<Uuid>,
    /// Rows that changed.
    pub(super) rows: u64,
}

/// Points a spelling to a store.
pub(super) async fn point(
    tenant: &mut Tenant,
    vendor: &str,
    spelling: &str,
    store: Uuid,
    by: UserId,
) -> Result<Pointed> {
    let key = fold(spelling);
    let known: Option<Decision> = sqlx::query_as(
        "SELECT id, vendor, spelling_key, store_id, false AS withdrawn FROM store_aliases
         WHERE vendor = $1 AND spelling_key = $2 AND withdrawn_at IS NULL",
    )
    .bind(vendor)
    .bind(&key)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("store_aliases.current"))?;
    let before = known.as_ref().map(|known| known.store_id);
    match known {
        Some(same) if same.store_id == store => return Ok(Pointed { before, rows: 0 }),
        Some(other) => end(tenant, other.id, 0, by).await?,
        None => {}
    }
    let rows = assign(tenant, vendor, &key, Some(store)).await?;
    sqlx::query(
        "INSERT INTO store_aliases (org_id, vendor, spelling, spelling_key, store_id, source, created_by, rows_changed)
         VALUES ($1, $2, $3, $4, $5, 'confirmed', $6, $7)",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(spelling)
    .bind(&key)
    .bind(store)
    .bind(by.0)
    .bind(rows.cast_signed())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("store_aliases.insert"))?;
    Ok(Pointed { before, rows })
}

async fn end(tenant: &mut Tenant, id: Uuid, rows_returned: u64, by: UserId) -> Result<()> {
    sqlx::query(
        "UPDATE store_aliases SET withdrawn_at = now(), withdrawn_by = $2, rows_returned = $3 WHERE id = $1",
    )
    .bind(id)
    .bind(by.0)
    .bind(rows_returned.cast_signed())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("store_aliases.end"))?;
    Ok(())
}

/// Lets the rows that print a spelling, whatever its case and blanks, belong to a store or to none.
async fn assign(tenant: &mut Tenant, vendor: &str, key: &str, store: Option<Uuid>) -> Result<u64> {
    let printed: Vec<String> = sqlx::query_scalar(
        "SELECT store FROM sellout_entries WHERE org_id = $1 AND vendor = $2 AND store IS NOT NULL
         UNION
         SELECT store FROM ecommerce_orders WHERE org_id = $1 AND vendor = $2 AND store IS NOT NULL",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("store_aliases.printed"))?;
    let same: Vec<String> = printed.into_iter().filter(|printed| fold(printed) == key).collect();
    let moved: Vec<(NaiveDate, i64)> = sqlx::query_as(include_str!("assign.sql"))
        .bind(tenant.org().0)
        .bind(vendor)
        .bind(same)
        .bind(store)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("store_aliases.assign"))?;
    let days: Vec<NaiveDate> = moved.iter().map(|(day, _)| *day).collect();
    rollup::recompute(tenant, vendor, &days).await?;
    Ok(moved.iter().map(|(_, rows)| rows.unsigned_abs()).sum())
}

/// Prepares the booking of staged rows: the stores of the spellings that they print, in `pg_temp.staged_stores`.
pub(crate) async fn stage(tenant: &mut Tenant, vendor: &str) -> Result<()> {
    sqlx::raw_sql(
        "DROP TABLE IF EXISTS pg_temp.staged_stores;
         CREATE TEMP TABLE staged_stores (store text PRIMARY KEY, store_id uuid NOT NULL) ON COMMIT DROP",
    )
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("store_aliases.create_staging"))?;
    let known: Vec<(String, Uuid)> = sqlx::query_as(
        "SELECT spelling_key, store_id FROM store_aliases
         WHERE org_id = $1 AND vendor = $2 AND withdrawn_at IS NULL",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("store_aliases.of_vendor"))?;
    if known.is_empty() {
        return Ok(());
    }
    let known: HashMap<String, Uuid> = known.into_iter().collect();
    let printed: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT store FROM pg_temp.staged WHERE store IS NOT NULL")
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("store_aliases.staged"))?;
    let (stores, ids): (Vec<String>, Vec<Uuid>) =
        printed.into_iter().filter_map(|store| known.get(&fold(&store)).map(|id| (store, *id))).unzip();
    sqlx::query("INSERT INTO pg_temp.staged_stores SELECT * FROM unnest($1::text[], $2::uuid[])")
        .bind(stores)
        .bind(ids)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("store_aliases.stage"))?;
    Ok(())
}
