//! What the functions of this crate need, made once at cold start.

use data::{Database, DatabaseSettings};
use edge::{config::Config, secrets::Secrets};

use crate::{passwords::Passwords, tokens::Signer};

/// For the functions that only look things up.
pub struct Context {
    pub(crate) database: Database,
}

/// For the functions that open sessions.
pub struct SessionContext {
    pub(crate) database: Database,
    pub(crate) signer: Signer,
    pub(crate) passwords: Passwords,
}

impl Context {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    pub async fn from_env() -> anyhow::Result<Self> {
        let mut config = Config::from_env();
        let database = config.required("DATABASE_SECRET_ARN");
        config.finish()?;
        let settings: DatabaseSettings = Secrets::connect().await.json(&database).await?;
        Ok(Self { database: Database::connect(&settings)? })
    }
}

impl SessionContext {
    /// # Errors
    /// When configuration is missing or a secret cannot be read.
    pub async fn from_env() -> anyhow::Result<Self> {
        let mut config = Config::from_env();
        let database = config.required("DATABASE_SECRET_ARN");
        let token = config.required("TOKEN_SECRET_ARN");
        config.finish()?;
        let secrets = Secrets::connect().await;
        let settings: DatabaseSettings = secrets.json(&database).await?;
        let signer = Signer::new(&secrets.json(&token).await?)?;
        Ok(Self { database: Database::connect(&settings)?, signer, passwords: Passwords::new() })
    }
}
