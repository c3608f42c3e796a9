//! What every invocation uses.

use cloud::{ObjectStore, PathStyle, Queue};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    pub inbox: ObjectStore,
    pub ingest: Queue,
    pub emails: Queue,
    /// Files made of lists and analyses.
    pub files: ObjectStore,
    pub exports: Queue,
    /// Files of reports.
    pub report_files: ObjectStore,
    pub reports: Queue,
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
            let ingest = config.required("INGEST_QUEUE_URL");
            let emails = config.required("EMAIL_QUEUE_URL");
            let files = config.required("EXPORTS_BUCKET");
            let exports = config.required("EXPORT_QUEUE_URL");
            let report_files = config.required("REPORTS_BUCKET");
            let reports = config.required("REPORT_QUEUE_URL");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            Ok(Self {
                database: Secrets::new(&aws).database(&secret).await?,
                inbox: ObjectStore::s3(&aws, bucket, path_style),
                ingest: Queue::sqs(&aws, ingest),
                emails: Queue::sqs(&aws, emails),
                files: ObjectStore::s3(&aws, files, path_style),
                exports: Queue::sqs(&aws, exports),
                report_files: ObjectStore::s3(&aws, report_files, path_style),
                reports: Queue::sqs(&aws, reports),
            })
        })
    }
}
