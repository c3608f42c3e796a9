//! The application's database, from its secret.

use data::{Database, DatabaseSettings};

use crate::{Boxed, config::Config, secrets::Secrets};

/// All that a function needs which only reads or writes the books.
pub struct DatabaseContext {
    pub database: Database,
}

impl DatabaseContext {
    /// Made once at cold start.
    ///
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret = config.required("DATABASE_SECRET_ARN");
            config.finish()?;
            Ok(Self { database: Secrets::connect().await?.database(&secret).await? })
        })
    }
}

impl Secrets {
    /// The database whose address and wall key this secret holds.
    ///
    /// # Errors
    /// When the secret cannot be read, or the address in it.
    pub async fn database(&self, arn: &str) -> anyhow::Result<Database> {
        Ok(Database::connect(&self.json::<DatabaseSettings>(arn).await?)?)
    }
}

/// Where limits are counted.
impl AsRef<Database> for DatabaseContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}
