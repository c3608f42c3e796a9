//! What every invocation uses.

use cloud::{ObjectStore, PathStyle};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    /// Where files come in.
    pub inbox: ObjectStore,
}

impl Context {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret = config.required("DATABASE_SECRET_ARN");
            let bucket = config.required("INBOX_BUCKET");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            Ok(Self {
                database: Secrets::new(&aws).database(&secret).await?,
                inbox: ObjectStore::s3(&aws, bucket, path_style),
            })
        })
    }
}
