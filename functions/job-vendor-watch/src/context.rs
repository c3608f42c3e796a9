//! What every invocation uses.

use cloud::Queue;
use data::Database;
use edge::{config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    pub emails: Queue,
}

impl Context {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    pub async fn from_env() -> anyhow::Result<Self> {
        let mut config = Config::from_env();
        let secret = config.required("DATABASE_SECRET_ARN");
        let emails = config.required("EMAIL_QUEUE_URL");
        config.finish()?;
        let aws = edge::aws::config().await?;
        Ok(Self { database: Secrets::new(&aws).database(&secret).await?, emails: Queue::sqs(&aws, emails) })
    }
}
