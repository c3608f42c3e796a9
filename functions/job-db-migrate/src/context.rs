//! The secrets of the deploy step.

use data::WallKey;
use edge::{Boxed, config::Config, secrets::Secrets};
use serde::Deserialize;

/// The administrator's address, and what the installation is set up with. Never printed.
#[derive(Clone, Deserialize)]
pub struct AdminSecret {
    pub url: String,
    pub app_password: String,
    pub reader_password: String,
    pub wall_key: WallKey,
}

/// The key that access tokens are signed with, and what is known of the one before and after it. Never printed.
#[derive(Clone, Deserialize)]
pub struct TokenSecret {
    #[serde(flatten)]
    pub signing: TokenKey,
    /// Signs soon: it is published first, so that whoever checks tokens knows it by then.
    pub next: Option<TokenKey>,
    /// Ids of keys whose tokens are taken no more.
    #[serde(default)]
    pub retired: Vec<String>,
}

/// One key. Never printed.
#[derive(Clone, Deserialize)]
pub struct TokenKey {
    pub kid: String,
    /// 32 bytes in base64.
    pub ed25519_seed: String,
}

/// Made once at cold start.
pub struct Context {
    pub admin: AdminSecret,
    pub token: TokenSecret,
}

impl Context {
    /// # Errors
    /// Names every missing variable; or the secret that cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let admin = config.required("ADMIN_DATABASE_SECRET_ARN");
            let token = config.required("TOKEN_SECRET_ARN");
            config.finish()?;
            let secrets = Secrets::connect().await?;
            Ok(Self { admin: secrets.json(&admin).await?, token: secrets.json(&token).await? })
        })
    }
}
