//! What the functions hold between requests.

use cloud::{ObjectStore, PathStyle, Queue};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub db: Database,
    pub inbox: ObjectStore,
    pub ingest_queue: Queue,
    pub quotas: Quotas,
}

/// What an organisation may use a day, if it was given no quota of its own: parameters of `template.yaml`.
#[derive(Debug, Clone, Copy)]
pub struct Quotas {
    pub files: u64,
    pub bytes: u64,
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
            let mut number = |name: &str| config.required(name).parse().unwrap_or_default();
            let quotas =
                Quotas { files: number("QUOTA_FILES_PER_DAY"), bytes: number("QUOTA_BYTES_PER_DAY") };
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            Ok(Self {
                db: Secrets::new(&aws).database(&secret_arn).await?,
                inbox: ObjectStore::s3(&aws, bucket, path_style),
                ingest_queue: Queue::sqs(&aws, queue_url),
                quotas,
            })
        })
    }
}

/// Where limits are counted.
impl AsRef<Database> for Context {
    fn as_ref(&self) -> &Database {
        &self.db
    }
}
