//! What the functions hold between requests.

use std::sync::Arc;

use anyhow::Context as _;
use cloud::{ObjectStore, PathStyle, Queue};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};
use ingest::Profiles;

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    pub inbox: ObjectStore,
    /// Where profiles are tested that were imported or changed.
    pub ingest_queue: Queue,
    pub shipped: Arc<Profiles>,
}

impl Context {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret_arn = config.required("DATABASE_SECRET_ARN");
            let bucket = config.required("INBOX_BUCKET");
            let queue_url = config.required("INGEST_QUEUE_URL");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            Ok(Self {
                database: Secrets::new(&aws).database(&secret_arn).await?,
                inbox: ObjectStore::s3(&aws, bucket, path_style),
                ingest_queue: Queue::sqs(&aws, queue_url),
                shipped: Arc::new(Profiles::shipped().context("a shipped profile is broken")?),
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
