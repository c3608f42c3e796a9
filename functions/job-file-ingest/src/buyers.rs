//! What buyers are told apart with.

use data::{Tenant, organizations};
use domain::BuyerKey;
use edge::secrets::Secrets;
use serde::Deserialize;
use tokio::sync::OnceCell;

/// The installation's part of the keys.
pub enum Buyers {
    /// In Secrets Manager; read when the first organisation that keeps buyers sends a file.
    Stored { secrets: Secrets, arn: String, secret: OnceCell<Secret> },
    /// For tests.
    Memory(Secret),
}

/// What the secret holds.
#[derive(Deserialize)]
pub struct Secret {
    /// Any text that nobody can guess.
    pub key: String,
}

impl Buyers {
    pub(crate) fn stored(secrets: Secrets, arn: String) -> Self {
        Self::Stored { secrets, arn, secret: OnceCell::new() }
    }

    /// The key of the organisation of this transaction; `None` where it keeps nothing of buyers.
    pub(crate) async fn key(&self, tenant: &mut Tenant) -> anyhow::Result<Option<BuyerKey>> {
        let Some(salt) = organizations::buyer_salt(tenant).await? else { return Ok(None) };
        let Secret { key } = match self {
            Self::Stored { secrets, arn, secret } => secret.get_or_try_init(|| secrets.json(arn)).await?,
            Self::Memory(secret) => secret,
        };
        Ok(Some(BuyerKey::derive(key.as_bytes(), tenant.org(), salt)))
    }
}

#[cfg(test)]
mod tests;
