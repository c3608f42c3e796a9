//! Client side of the tenant wall: signs the tenant and the subject of a transaction.

use domain::{OrgId, from_hex, to_hex};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use sqlx::{PgConnection, types::Uuid};

use crate::{Error, Result};

/// The secret that tenant settings are signed with: 32 bytes, written as 64 hex digits. Never printed.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct WallKey([u8; 32]);

impl WallKey {
    /// # Errors
    /// When `hex` is not 64 hex digits.
    pub fn from_hex(hex: &str) -> Result<Self> {
        from_hex(hex).map(Self).ok_or(Error::WallKey)
    }

    /// `org|subject|pid|nonce|hmac` for one backend and one of its transactions; the system's subject is empty.
    fn sign(&self, org: OrgId, subject: Option<Uuid>, pid: i32, nonce: &str) -> Result<String> {
        let subject = subject.map(|subject| subject.to_string()).unwrap_or_default();
        let claim = format!("{org}|{subject}|{pid}|{nonce}");
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(|_| Error::WallKey)?;
        mac.update(claim.as_bytes());
        let signature = to_hex(&mac.finalize().into_bytes());
        Ok(format!("{claim}|{signature}"))
    }

    /// A seal on something other than a tenant setting. Settings begin with an id, these never do, so neither can pass for the
    /// other.
    pub(crate) fn seal(&self, purpose: &str, bytes: &[u8]) -> Result<[u8; 32]> {
        Ok(self.sealing(purpose, bytes)?.finalize().into_bytes().into())
    }

    /// Whether this is that seal. The time it takes tells nothing.
    pub(crate) fn is_seal(&self, purpose: &str, bytes: &[u8], seal: &[u8]) -> bool {
        self.sealing(purpose, bytes).is_ok_and(|mac| mac.verify_slice(seal).is_ok())
    }

    fn sealing(&self, purpose: &str, bytes: &[u8]) -> Result<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).map_err(|_| Error::WallKey)?;
        mac.update(b"seal|");
        mac.update(purpose.as_bytes());
        mac.update(b"|");
        mac.update(bytes);
        Ok(mac)
    }

    /// The two padded blocks of HMAC (RFC 2104), which is what the database keeps.
    fn pads(&self) -> ([u8; 64], [u8; 64]) {
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        (block.map(|byte| byte ^ 0x36), block.map(|byte| byte ^ 0x5c))
    }
}

impl TryFrom<String> for WallKey {
    type Error = Error;

    fn try_from(hex: String) -> Result<Self> {
        Self::from_hex(&hex)
    }
}

/// Signs the open transaction of `connection` for `org` and whoever acts in it.
pub(crate) async fn enter(
    connection: &mut PgConnection,
    key: &WallKey,
    org: OrgId,
    subject: Option<Uuid>,
) -> Result<()> {
    let (pid, nonce): (i32, String) = sqlx::query_as("SELECT pg_backend_pid(), wall.transaction_nonce()")
        .fetch_one(&mut *connection)
        .await
        .map_err(Error::query("wall.nonce"))?;
    sqlx::query("SELECT set_config('app.tenant', $1, true)")
        .bind(key.sign(org, subject, pid, &nonce)?)
        .execute(connection)
        .await
        .map_err(Error::query("wall.enter"))?;
    Ok(())
}

/// Stores the key for the policies to check against, replacing an earlier one.
pub(crate) async fn store_key(admin: &mut PgConnection, key: &WallKey) -> Result<()> {
    let (inner, outer) = key.pads();
    sqlx::query(
        "INSERT INTO wall.keys (id, inner_pad, outer_pad) VALUES (1, $1, $2)
         ON CONFLICT (id) DO UPDATE SET inner_pad = EXCLUDED.inner_pad, outer_pad = EXCLUDED.outer_pad",
    )
    .bind(&inner[..])
    .bind(&outer[..])
    .execute(admin)
    .await
    .map_err(Error::query("wall.store_key"))?;
    Ok(())
}
