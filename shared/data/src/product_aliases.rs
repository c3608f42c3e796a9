//! What vendors call the products, decision by decision. Every function that changes them restates the rows that follow.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{ProductAlias, UserId, alias_key};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{
    Error, Result, Tenant,
    catalogue::{self, ImportCounts},
    rematch::{self, Cause, Words},
};

/// A decision about a vendor's word, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Alias {
    pub id: Uuid,
    pub vendor: String,
    /// As given: a name or a code.
    pub alias: String,
    /// `None`: no product of ours.
    pub ean: Option<String>,
    /// `import`, `confirmed` or `learned`.
    pub source: String,
    pub created_at: DateTime<Utc>,
    pub created_by: Option<Uuid>,
    /// Rows of the books that changed with it.
    pub rows_changed: i64,
    /// Since when it holds no more: somebody withdrew it, or pointed the word elsewhere.
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawn_by: Option<Uuid>,
    /// Rows that changed when it was withdrawn.
    pub rows_returned: Option<i64>,
}

const COLUMNS: &str = "id, vendor, alias, ean, source, created_at, created_by, rows_changed, withdrawn_at, withdrawn_by, \
    rows_returned";

/// What became of a confirmation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// It was so already.
    Known(Alias),
    /// From now on; its `rows_changed` were restated.
    New(Alias),
    /// The catalogue has no such product.
    UnknownProduct,
}

/// What became of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Withdrawn {
    Done(Alias),
    /// It held no more.
    Before,
    Unknown,
}

/// Says what a vendor's word stands for, from now on and in everything booked so far: a product, or none (`ean` is
/// `None`). What the word stood for before stays as history.
///
/// # Errors
/// When the database fails.
pub async fn confirm(
    tenant: &mut Tenant,
    vendor: &str,
    alias: &str,
    ean: Option<&str>,
    by: UserId,
) -> Result<Confirmed> {
    catalogue::lock(tenant).await?;
    let known: bool = sqlx::query_scalar("SELECT $1 IS NULL OR EXISTS (SELECT FROM products WHERE ean = $1)")
        .bind(ean)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("product_aliases.product"))?;
    if !known {
        return Ok(Confirmed::UnknownProduct);
    }
    let before = current(tenant, vendor, alias).await?;
    if let Some(same) = before.as_ref().filter(|before| before.ean.as_deref() == ean) {
        return Ok(Confirmed::Known(same.clone()));
    }
    if let Some(before) = before {
        end(tenant, before.id, by, 0).await?;
    }
    let id: Uuid = sqlx::query_scalar(
        "INSERT INTO product_aliases (org_id, vendor, alias, alias_key, ean, source, created_by)
         VALUES ($1, $2, $3, $4, $5, 'confirmed', $6) RETURNING id",
    )
    .bind(tenant.org().0)
    .bind(vendor)
    .bind(alias)
    .bind(alias_key(alias))
    .bind(ean)
    .bind(by.0)
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("product_aliases.insert"))?;
    let rows = restate(tenant, vendor).await?;
    sqlx::query("UPDATE product_aliases SET rows_changed = $2 WHERE id = $1")
        .bind(id)
        .bind(rows.cast_signed())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("product_aliases.count"))?;
    let alias =
        find(tenant, id).await?.ok_or_else(|| Error::stored("product_aliases.insert")("it is gone"))?;
    Ok(Confirmed::New(alias))
}

/// Takes a decision back: rows say again what they said without it.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(tenant: &mut Tenant, id: Uuid, by: UserId) -> Result<Withdrawn> {
    catalogue::lock(tenant).await?;
    let Some(alias) = find(tenant, id).await? else { return Ok(Withdrawn::Unknown) };
    if alias.withdrawn_at.is_some() {
        return Ok(Withdrawn::Before);
    }
    end(tenant, id, by, 0).await?;
    let rows = restate(tenant, &alias.vendor).await?;
    end(tenant, id, by, rows).await?;
    Ok(find(tenant, id).await?.map_or(Withdrawn::Unknown, Withdrawn::Done))
}

/// Which aliases to list; `None` is any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub vendor: Option<String>,
    pub ean: Option<String>,
    /// Also those that hold no more.
    pub history: bool,
}

/// At most `limit` aliases, the latest decision first, beginning after the alias `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    filter: &Filter,
    limit: u32,
    after: Option<Uuid>,
) -> Result<Vec<Alias>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM product_aliases
         WHERE org_id = $1 AND ($2::text IS NULL OR vendor = $2) AND ($3::text IS NULL OR ean = $3)
             AND ($4 OR withdrawn_at IS NULL) AND ($5::uuid IS NULL OR id < $5)
         ORDER BY id DESC LIMIT $6"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(tenant.org().0)
        .bind(&filter.vendor)
        .bind(&filter.ean)
        .bind(filter.history)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("product_aliases.list"))
}

/// All aliases that hold, by vendor.
///
/// # Errors
/// When the database fails.
pub async fn all(tenant: &mut Tenant) -> Result<Vec<ProductAlias>> {
    let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
        "SELECT vendor, alias, ean FROM product_aliases WHERE withdrawn_at IS NULL ORDER BY vendor, alias",
    )
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_aliases.all"))?;
    Ok(rows.into_iter().map(|(vendor, alias, ean)| ProductAlias { vendor, alias, ean }).collect())
}

/// Words of vendors and what each stands for, each word once, as columns.
struct Stated<'a> {
    vendors: Vec<&'a str>,
    aliases: Vec<&'a str>,
    keys: Vec<String>,
    eans: Vec<Option<&'a str>>,
}

impl<'a> Stated<'a> {
    fn new(words: impl Iterator<Item = (&'a str, &'a str, Option<&'a str>)>) -> Self {
        let mut stated =
            Self { vendors: Vec::new(), aliases: Vec::new(), keys: Vec::new(), eans: Vec::new() };
        for (vendor, alias, ean) in words {
            stated.vendors.push(vendor);
            stated.aliases.push(alias);
            stated.keys.push(alias_key(alias));
            stated.eans.push(ean);
        }
        stated
    }

    /// Writes those that nobody has decided otherwise; of each that is new its vendor and EAN.
    async fn write(
        &self,
        tenant: &mut Tenant,
        source: &str,
        by: UserId,
    ) -> Result<Vec<(String, Option<String>)>> {
        sqlx::query_as(
            "INSERT INTO product_aliases (org_id, vendor, alias, alias_key, ean, source, created_by)
             SELECT $1, s.vendor, s.alias, s.key, s.ean, $6, $7
             FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS s (vendor, alias, key, ean)
             ON CONFLICT (org_id, vendor, alias_key) WHERE withdrawn_at IS NULL DO NOTHING
             RETURNING vendor, ean",
        )
        .bind(tenant.org().0)
        .bind(&self.vendors)
        .bind(&self.aliases)
        .bind(&self.keys)
        .bind(&self.eans)
        .bind(source)
        .bind(by.0)
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("product_aliases.write"))
    }
}

/// Takes decisions about vendors' words, each word once: from now on and in everything booked so far. The caller holds
/// `catalogue::lock` and has made sure that the products exist.
///
/// # Errors
/// When the database fails.
pub async fn import(tenant: &mut Tenant, stated: &[ProductAlias], by: UserId) -> Result<ImportCounts> {
    let words = Stated::new(
        stated.iter().map(|word| (word.vendor.as_str(), word.alias.as_str(), word.ean.as_deref())),
    );
    let moved = sqlx::query(
        "UPDATE product_aliases a SET withdrawn_at = now(), withdrawn_by = $4
         FROM unnest($1::text[], $2::text[], $3::text[]) AS s (vendor, key, ean)
         WHERE a.withdrawn_at IS NULL AND a.vendor = s.vendor AND a.alias_key = s.key AND a.ean IS DISTINCT FROM s.ean",
    )
    .bind(&words.vendors)
    .bind(&words.keys)
    .bind(&words.eans)
    .bind(by.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("product_aliases.move"))?;
    let written = words.write(tenant, "confirmed", by).await?;
    for vendor in written.iter().map(|(vendor, _)| vendor).collect::<BTreeSet<_>>() {
        restate(tenant, vendor).await?;
    }
    let moved = usize::try_from(moved.rows_affected()).unwrap_or_default();
    Ok(ImportCounts::new(stated.len(), written.len() - moved, moved))
}

/// Takes what a catalogue states: (vendor, alias, EAN), each word once. Other imported aliases of its products at `vendors`
/// are withdrawn; those that people confirmed stay unless the catalogue says otherwise. The EANs whose aliases changed.
pub(crate) async fn replace(
    tenant: &mut Tenant,
    stated: &[(&str, &str, &str)],
    products: &[&str],
    vendors: &[String],
    by: UserId,
) -> Result<Vec<String>> {
    let words = Stated::new(stated.iter().map(|(vendor, alias, ean)| (*vendor, *alias, Some(*ean))));
    let mut changed: Vec<Option<String>> = sqlx::query_scalar(
        "WITH stated AS (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS s (vendor, key, ean))
         UPDATE product_aliases a SET withdrawn_at = now(), withdrawn_by = $6
         WHERE withdrawn_at IS NULL AND (
             source = 'import' AND ean = ANY ($4) AND vendor = ANY ($5)
                 AND (vendor, alias_key) NOT IN (SELECT vendor, key FROM stated)
             OR EXISTS (
                 SELECT FROM stated s
                 WHERE s.vendor = a.vendor AND s.key = a.alias_key AND s.ean IS DISTINCT FROM a.ean
             )
         )
         RETURNING ean",
    )
    .bind(&words.vendors)
    .bind(&words.keys)
    .bind(&words.eans)
    .bind(products)
    .bind(vendors)
    .bind(by.0)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("product_aliases.replace"))?;
    let written = words.write(tenant, "import", by).await?;
    changed.extend(written.into_iter().map(|(_, ean)| ean));
    Ok(changed.into_iter().flatten().collect())
}

async fn restate(tenant: &mut Tenant, vendor: &str) -> Result<u64> {
    let cause = Cause { words: Some(Words::OfVendor(vendor)), ..Cause::default() };
    rematch::run(tenant, &cause).await
}

async fn current(tenant: &mut Tenant, vendor: &str, alias: &str) -> Result<Option<Alias>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM product_aliases WHERE vendor = $1 AND alias_key = $2 AND withdrawn_at IS NULL"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(vendor)
        .bind(alias_key(alias))
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("product_aliases.current"))
}

async fn find(tenant: &mut Tenant, id: Uuid) -> Result<Option<Alias>> {
    sqlx::query_as(AssertSqlSafe(format!("SELECT {COLUMNS} FROM product_aliases WHERE id = $1")))
        .bind(id)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("product_aliases.find"))
}

async fn end(tenant: &mut Tenant, id: Uuid, by: UserId, rows_returned: u64) -> Result<()> {
    sqlx::query(
        "UPDATE product_aliases SET withdrawn_at = now(), withdrawn_by = $2, rows_returned = $3 WHERE id = $1",
    )
    .bind(id)
    .bind(by.0)
    .bind(rows_returned.cast_signed())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("product_aliases.end"))?;
    Ok(())
}
