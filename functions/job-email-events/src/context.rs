//! What every invocation uses.

use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub db: Database,
    /// The topic that may speak.
    pub topic: String,
}

impl Context {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret_arn = config.required("DATABASE_SECRET_ARN");
            let topic = config.required("MAIL_TOPIC_ARN");
            config.finish()?;
            Ok(Self { db: Secrets::connect().await?.database(&secret_arn).await?, topic })
        })
    }
}
