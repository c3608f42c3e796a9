//! Deploy step: brings the database to the state this build expects.

use anyhow::{Context as _, anyhow};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use data::{
    installation::{self, Installation},
    signing_keys,
};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};

use crate::Context;

/// The event is not looked at.
#[derive(Debug, Deserialize)]
pub struct Invocation {}

/// What the deployment prints.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// Migrations in the database now.
    pub migrations: usize,
}

/// Migrates, sets the passwords of the login roles and the wall key, and publishes the public half of the token key.
/// Running it again changes nothing.
///
/// # Errors
/// When the database refuses; the deployment stops then.
pub async fn run(ctx: &Context, _: Invocation) -> anyhow::Result<Migrated> {
    let mut admin = installation::connect(&ctx.admin.url).await?;
    let migrations = installation::migrate(&mut admin).await?;
    let settings = Installation {
        app_password: ctx.admin.app_password.clone(),
        reader_password: ctx.admin.reader_password.clone(),
        wall_key: ctx.admin.wall_key.clone(),
    };
    installation::configure(&mut admin, &settings).await?;
    let seed: [u8; 32] = STANDARD
        .decode(&ctx.token.ed25519_seed)
        .ok()
        .and_then(|seed| seed.try_into().ok())
        .ok_or_else(|| anyhow!("the token secret's seed is not 32 bytes in base64"))?;
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    signing_keys::publish(&mut admin, &ctx.token.kid, &public).await.context("publishing the token key")?;
    tracing::info!(migrations, "database migrated");
    Ok(Migrated { migrations })
}

#[cfg(test)]
mod tests;
