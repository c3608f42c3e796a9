//! What the functions hold that send mail.

use cloud::Queue;
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct MailContext {
    pub(crate) database: Database,
    pub(crate) emails: Queue,
}

impl MailContext {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let database = config.required("DATABASE_SECRET_ARN");
            let emails = config.required("EMAIL_QUEUE_URL");
            config.finish()?;
            let aws = edge::aws::config().await?;
            let database = Secrets::new(&aws).database(&database).await?;
            Ok(Self { database, emails: Queue::sqs(&aws, emails) })
        })
    }
}

/// Where limits are counted.
impl AsRef<Database> for MailContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}
