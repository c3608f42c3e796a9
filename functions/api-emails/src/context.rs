//! What the function holds between requests.

use data::{Database, DatabaseSettings};
use edge::{config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub db: Database,
}

impl Context {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    pub async fn from_env() -> anyhow::Result<Self> {
        let mut config = Config::from_env();
        let secret_arn = config.required("DATABASE_SECRET_ARN");
        config.finish()?;
        let settings: DatabaseSettings = Secrets::connect().await.json(&secret_arn).await?;
        Ok(Self { db: Database::connect(&settings)? })
    }
}
