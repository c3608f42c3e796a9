//! API keys: hashed, scoped, replaced with an overlap.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::{ApiKeyId, OrgId, UserId};
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, FromRow, PgConnection, types::Uuid};

use crate::{Error, Result, Tenant, TokenHash};

/// Begins every key, so that one that leaked is recognised.
const MARK: &str = "slk_";
/// After the mark: what names a key in lists and logs.
const NAME_CHARS: usize = 12;
const NAME_ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A key as its holder has it: `slk_`, twelve characters that name it, and 256 random bits. Never logged: it has no `Debug`.
pub struct KeyText(String);

impl KeyText {
    /// One that nobody has seen.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a random default would surprise")]
    pub fn new() -> Self {
        let name: [u8; NAME_CHARS] = rand::random();
        let name: String =
            name.iter().map(|byte| char::from(NAME_ALPHABET[usize::from(byte % 32)])).collect();
        let secret: [u8; 32] = rand::random();
        Self(format!("{MARK}{name}_{}", URL_SAFE_NO_PAD.encode(secret)))
    }

    /// `None` for a text that no key of ours looks like.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (name, secret) = text.strip_prefix(MARK)?.split_once('_')?;
        let is_name = name.len() == NAME_CHARS && name.bytes().all(|byte| NAME_ALPHABET.contains(&byte));
        let is_secret = URL_SAFE_NO_PAD.decode(secret).is_ok_and(|bytes| bytes.len() == 32);
        (is_name && is_secret).then(|| Self(text.to_owned()))
    }

    /// What names it, the mark included; not secret.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.get(..MARK.len() + NAME_CHARS).unwrap_or_default()
    }

    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The text to hand out, once.
    #[must_use]
    pub fn into_text(self) -> String {
        self.0
    }
}

/// A row of `api_keys`, without the hash.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ApiKey {
    pub id: Uuid,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub revoked_at: Option<DateTime<Utc>>,
    pub replaced_by: Option<Uuid>,
}

const COLUMNS: &str =
    "id, name, prefix, scopes, created_by, created_at, expires_at, last_used_at, revoked_at, replaced_by";

/// A key to be.
#[derive(Clone)]
pub struct NewApiKey<'a> {
    pub id: ApiKeyId,
    pub name: &'a str,
    pub text: &'a KeyText,
    pub scopes: &'a [String],
    pub created_by: UserId,
    pub expires_at: DateTime<Utc>,
}

/// What the authorizer checks a key against, and what it may now: nothing once it has expired or was revoked.
#[derive(Debug, Clone)]
pub struct Presented {
    pub org_id: OrgId,
    pub id: ApiKeyId,
    pub secret_hash: Vec<u8>,
    pub created_by: UserId,
    pub permissions: Option<Vec<String>>,
}

/// Makes a key.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, new: &NewApiKey<'_>) -> Result<ApiKey> {
    let query = format!(
        "INSERT INTO api_keys (id, org_id, name, prefix, secret_hash, scopes, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING {COLUMNS}"
    );
    sqlx::query_as(AssertSqlSafe(query))
        .bind(new.id.0)
        .bind(tenant.org().0)
        .bind(new.name)
        .bind(new.text.prefix())
        .bind(&new.text.hash()[..])
        .bind(new.scopes)
        .bind(new.created_by.0)
        .bind(new.expires_at)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("api_keys.insert"))
}

/// At most `limit` keys, newest first, beginning after the key `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<ApiKeyId>) -> Result<Vec<ApiKey>> {
    let query = format!(
        "SELECT {COLUMNS} FROM api_keys WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    );
    sqlx::query_as(AssertSqlSafe(query))
        .bind(tenant.org().0)
        .bind(after.map(|id| id.0))
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("api_keys.list"))
}

/// The key of this id, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, id: ApiKeyId) -> Result<Option<ApiKey>> {
    let query = format!("SELECT {COLUMNS} FROM api_keys WHERE id = $1 FOR NO KEY UPDATE");
    sqlx::query_as(AssertSqlSafe(query))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("api_keys.lock"))
}

/// Lets a key work until `until` at most, beside the one that takes its place; its policies are the new one's too.
///
/// # Errors
/// When the database fails.
pub async fn replace(tenant: &mut Tenant, old: ApiKeyId, new: ApiKeyId, until: DateTime<Utc>) -> Result<()> {
    sqlx::query("UPDATE api_keys SET replaced_by = $2, expires_at = least(expires_at, $3) WHERE id = $1")
        .bind(old.0)
        .bind(new.0)
        .bind(until)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("api_keys.replace"))?;
    sqlx::query(
        "INSERT INTO policies (org_id, name, api_key_id, effect, permission, vendors, stores, countries)
         SELECT org_id, name, $2, effect, permission, vendors, stores, countries FROM policies WHERE api_key_id = $1",
    )
    .bind(old.0)
    .bind(new.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("api_keys.copy_policies"))?;
    Ok(())
}

/// Ends a key at once. A second time changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn revoke(tenant: &mut Tenant, id: ApiKeyId) -> Result<()> {
    sqlx::query("UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("api_keys.revoke"))?;
    Ok(())
}

#[derive(FromRow)]
struct PresentedRow {
    org_id: Uuid,
    id: Uuid,
    secret_hash: Vec<u8>,
    created_by: Uuid,
    permissions: Option<Vec<String>>,
}

/// The key with this prefix, among all organisations.
///
/// # Errors
/// When the database fails.
pub async fn find(service: &mut PgConnection, prefix: &str) -> Result<Option<Presented>> {
    let row: Option<PresentedRow> = sqlx::query_as("SELECT * FROM service.find_api_key($1)")
        .bind(prefix)
        .fetch_optional(service)
        .await
        .map_err(Error::query("api_keys.find"))?;
    Ok(row.map(|row| Presented {
        org_id: OrgId(row.org_id),
        id: ApiKeyId(row.id),
        secret_hash: row.secret_hash,
        created_by: UserId(row.created_by),
        permissions: row.permissions,
    }))
}

/// Notes that a key was used; within a minute once.
///
/// # Errors
/// When the database fails.
pub async fn touch(service: &mut PgConnection, prefix: &str) -> Result<()> {
    sqlx::query("SELECT service.touch_api_key($1)")
        .bind(prefix)
        .execute(service)
        .await
        .map_err(Error::query("api_keys.touch"))?;
    Ok(())
}
