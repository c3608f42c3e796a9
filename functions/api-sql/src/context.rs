//! What the route holds between requests.

use data::{Database, Reader};
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    /// For limits and the audit trail.
    pub database: Database,
    /// For the statements.
    pub reader: Reader,
}

impl Context {
    /// # Errors
    /// When configuration is missing or a secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let application = config.required("DATABASE_SECRET_ARN");
            let reader = config.required("READER_SECRET_ARN");
            config.finish()?;
            let secrets = Secrets::connect().await?;
            Ok(Self {
                database: secrets.database(&application).await?,
                reader: Reader::connect(&secrets.json(&reader).await?)?,
            })
        })
    }
}

/// Where limits are counted.
impl AsRef<Database> for Context {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}
