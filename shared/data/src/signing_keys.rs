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
