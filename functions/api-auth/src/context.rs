//! What the functions need that open sessions, made once at cold start.

use data::Database;
use edge::{config::Config, secrets::Secrets};

use crate::{passwords::Passwords, tokens::Signer};

/// For the functions that open sessions; the others need nothing but the database.
pub struct SessionContext {
    pub(crate) database: Database,
    pub(crate) signer: Signer,
    pub(crate) passwords: Passwords,
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
        let signer = Signer::new(&secrets.json(&token).await?)?;
        Ok(Self { database: secrets.database(&database).await?, signer, passwords: Passwords::new() })
    }
}
