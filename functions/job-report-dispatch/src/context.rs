//! What every invocation uses.

use cloud::Queue;
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    pub reports: Queue,
    pub emails: Queue,
}

impl Context {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret = config.required("DATABASE_SECRET_ARN");
            let reports = config.required("REPORT_QUEUE_URL");
            let emails = config.required("EMAIL_QUEUE_URL");
            config.finish()?;
            let aws = edge::aws::config().await?;
            Ok(Self {
                database: Secrets::new(&aws).database(&secret).await?,
                reports: Queue::sqs(&aws, reports),
                emails: Queue::sqs(&aws, emails),
            })
        })
    }
}
