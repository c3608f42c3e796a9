//! What routes use beside the database.

use cloud::{ObjectStore, PathStyle};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};
use mail::Templates;

/// For routes that show what a mail says.
pub struct TemplateContext {
    pub database: Database,
    pub templates: Templates,
}

impl TemplateContext {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret = config.required("DATABASE_SECRET_ARN");
            let public_url = config.required("PUBLIC_URL");
            config.finish()?;
            let database = Secrets::connect().await?.database(&secret).await?;
            Ok(Self { database, templates: Templates::new(public_url)? })
        })
    }
}

impl AsRef<Database> for TemplateContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}

/// For the route that hands out files.
pub struct FileContext {
    pub database: Database,
    /// Where files of reports lie.
    pub reports: ObjectStore,
}

impl FileContext {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret = config.required("DATABASE_SECRET_ARN");
            let bucket = config.required("REPORTS_BUCKET");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            let database = Secrets::new(&aws).database(&secret).await?;
            Ok(Self { database, reports: ObjectStore::s3(&aws, bucket, path_style) })
        })
    }
}

impl AsRef<Database> for FileContext {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}
