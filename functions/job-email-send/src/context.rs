//! What the function holds between messages.

use anyhow::Context as _;
use data::Database;
use edge::{config::Config, secrets::Secrets};
use mail::{Mailbox, Mailer, Templates};

/// Made once at cold start.
pub struct Context {
    pub db: Database,
    pub mailer: Mailer,
    pub templates: Templates,
    pub from: Mailbox,
}

impl Context {
    /// # Errors
    /// When configuration is missing, or a secret, address or template cannot be read.
    pub async fn from_env() -> anyhow::Result<Self> {
        let mut config = Config::from_env();
        let secret_arn = config.required("DATABASE_SECRET_ARN");
        let from = config.required("MAIL_FROM");
        let public_url = config.required("PUBLIC_URL");
        config.finish()?;
        let aws = edge::aws::config().await?;
        Ok(Self {
            db: Secrets::new(&aws).database(&secret_arn).await?,
            mailer: Mailer::ses(&aws),
            templates: Templates::new(public_url)?,
            from: from.parse().context("MAIL_FROM")?,
        })
    }
}
