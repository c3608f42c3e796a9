//! What the function needs, made once at cold start.

use data::{Database, DatabaseSettings};
use edge::{config::Config, secrets::Secrets};

/// The connection that all routes of this crate write through.
pub struct Context {
    pub(crate) database: Database,
}

impl Context {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    pub async fn from_env() -> anyhow::Result<Self> {
        let mut config = Config::from_env();
        let secret = config.required("DATABASE_SECRET_ARN");
        config.finish()?;
        let settings: DatabaseSettings = Secrets::connect().await.json(&secret).await?;
        Ok(Self { database: Database::connect(&settings)? })
    }
}
