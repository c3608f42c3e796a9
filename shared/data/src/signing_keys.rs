//! Public halves of the keys that access tokens are signed with.

use sqlx::PgConnection;

use crate::{Error, Result};

/// An Ed25519 public key.
pub type PublicKey = [u8; 32];

/// The key of this id, unless it was retired.
///
/// # Errors
/// When the database fails.
pub async fn find(service: &mut PgConnection, kid: &str) -> Result<Option<PublicKey>> {
    let key: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT public_key FROM signing_keys WHERE kid = $1 AND retired_at IS NULL")
            .bind(kid)
            .fetch_optional(service)
            .await
            .map_err(Error::query("signing_keys.find"))?;
    key.map(|key| key.as_slice().try_into()).transpose().map_err(Error::stored("signing_keys.find"))
}

/// Every key that tokens may be signed with, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(service: &mut PgConnection) -> Result<Vec<(String, PublicKey)>> {
    let keys: Vec<(String, Vec<u8>)> = sqlx::query_as(
        "SELECT kid, public_key FROM signing_keys WHERE retired_at IS NULL ORDER BY created_at, kid",
    )
    .fetch_all(service)
    .await
    .map_err(Error::query("signing_keys.list"))?;
    let read = |(kid, key): (String, Vec<u8>)| Ok((kid, key.as_slice().try_into()?));
    keys.into_iter()
        .map(read)
        .collect::<Result<_, std::array::TryFromSliceError>>()
        .map_err(Error::stored("signing_keys.list"))
}

/// Publishes a key as administrator. Publishing it again changes nothing; another key under the same id replaces
/// it, and tokens of the former one are refused from then on.
///
/// # Errors
/// When the database fails.
pub async fn publish(admin: &mut PgConnection, kid: &str, key: &PublicKey) -> Result<()> {
    sqlx::query(
        "INSERT INTO signing_keys (kid, public_key) VALUES ($1, $2)
         ON CONFLICT (kid) DO UPDATE SET public_key = EXCLUDED.public_key, retired_at = NULL",
    )
    .bind(kid)
    .bind(&key[..])
    .execute(admin)
    .await
    .map_err(Error::query("signing_keys.publish"))?;
    Ok(())
}

/// Retires keys as administrator: no token of theirs is taken any more. Ids that nobody has are passed over.
///
/// # Errors
/// When the database fails.
pub async fn retire(admin: &mut PgConnection, kids: &[String]) -> Result<()> {
    sqlx::query("UPDATE signing_keys SET retired_at = now() WHERE kid = ANY($1) AND retired_at IS NULL")
        .bind(kids)
        .execute(admin)
        .await
        .map_err(Error::query("signing_keys.retire"))?;
    Ok(())
}
