//! What the function holds between messages.

use cloud::{ObjectStore, PathStyle};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    /// Where the files go.
    pub files: ObjectStore,
}

impl Context {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret_arn = config.required("DATABASE_SECRET_ARN");
            let bucket = config.required("EXPORTS_BUCKET");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            Ok(Self {
                database: Secrets::new(&aws).database(&secret_arn).await?,
                files: ObjectStore::s3(&aws, bucket, path_style),
            })
        })
    }
}
