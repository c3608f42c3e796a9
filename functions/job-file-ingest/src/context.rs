//! What every invocation uses.

use std::sync::Arc;

use anyhow::Context as _;
use cloud::{ObjectStore, PathStyle, Queue};
use data::Database;
use edge::{config::Config, secrets::Secrets};
use ingest::Profiles;

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    pub inbox: ObjectStore,
    pub emails: Queue,
    pub profiles: Arc<Profiles>,
}

impl Context {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    pub async fn from_env() -> anyhow::Result<Self> {
        let mut config = Config::from_env();
        let secret = config.required("DATABASE_SECRET_ARN");
        let bucket = config.required("INBOX_BUCKET");
        let queue = config.required("EMAIL_QUEUE_URL");
        let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
        config.finish()?;
        let aws = aws_config::load_from_env().await;
        Ok(Self {
            database: Secrets::new(&aws).database(&secret).await?,
            inbox: ObjectStore::s3(&aws, bucket, path_style),
            emails: Queue::sqs(&aws, queue),
            profiles: Arc::new(Profiles::shipped().context("a shipped profile is broken")?),
        })
    }
}
