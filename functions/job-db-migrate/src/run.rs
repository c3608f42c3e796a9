//! Deploy step: brings the database to the state this build expects.

use anyhow::{Context as _, anyhow, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use data::{
    audit,
    installation::{self, AdminConnection, Installation},
    signing_keys,
};
use ed25519_dalek::SigningKey;
use edge::Boxed;
use serde::{Deserialize, Serialize};

use crate::{Context, TokenKey, TokenSecret};

/// The event is not looked at.
#[derive(Debug, Deserialize)]
pub struct Invocation {}

/// What the deployment prints.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// Migrations in the database now.
    pub migrations: usize,
}

/// Migrates, sets the passwords of the login roles and the wall key, and publishes the public halves of the token keys.
/// Running it again changes nothing.
///
/// # Errors
/// When the database refuses; the deployment stops then.
pub fn run(ctx: &Context, _: Invocation) -> Boxed<'_, anyhow::Result<Migrated>> {
    Box::pin(async move {
        let mut admin = installation::connect(&ctx.admin.url).await?;
        let migrations = installation::migrate(&mut admin).await?;
        audit::extend(&mut admin).await?;
        let settings = Installation {
            app_password: ctx.admin.app_password.clone(),
            reader_password: ctx.admin.reader_password.clone(),
            wall_key: ctx.admin.wall_key.clone(),
        };
        installation::configure(&mut admin, &settings).await?;
        publish_keys(&mut admin, &ctx.token).await?;
        tracing::info!(migrations, "database migrated");
        Ok(Migrated { migrations })
    })
}

/// The key that signs and the one that will; then the retired ones go.
async fn publish_keys(admin: &mut AdminConnection, token: &TokenSecret) -> anyhow::Result<()> {
    let in_use: Vec<&TokenKey> = [Some(&token.signing), token.next.as_ref()].into_iter().flatten().collect();
    if let Some(key) = in_use.iter().find(|key| token.retired.contains(&key.kid)) {
        bail!("the token secret retires the key {} that it uses", key.kid);
    }
    for key in in_use {
        let public = public_half(key)?;
        signing_keys::publish(admin, &key.kid, &public).await.context("publishing a token key")?;
    }
    signing_keys::retire(admin, &token.retired).await.context("retiring token keys")
}

fn public_half(key: &TokenKey) -> anyhow::Result<[u8; 32]> {
    let seed = STANDARD.decode(&key.ed25519_seed).ok().and_then(|seed| <[u8; 32]>::try_from(seed).ok());
    let seed = seed.ok_or_else(|| anyhow!("the token secret's seed is not 32 bytes in base64"))?;
    Ok(SigningKey::from_bytes(&seed).verifying_key().to_bytes())
}

#[cfg(test)]
mod tests;
