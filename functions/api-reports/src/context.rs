//! What routes share that have reports made or hand them out.

use cloud::{ObjectStore, PathStyle, Queue};
use data::Database;
use domain::ReportRequested;
use edge::{Boxed, config::Config, secrets::Secrets};

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    /// Where the files lie.
    pub files: ObjectStore,
    pub queue: Queue,
}

impl Context {
    /// # Errors
    /// When configuration is missing or the secret cannot be read.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret_arn = config.required("DATABASE_SECRET_ARN");
            let bucket = config.required("REPORTS_BUCKET");
            let queue_url = config.required("REPORT_QUEUE_URL");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            Ok(Self {
                database: Secrets::new(&aws).database(&secret_arn).await?,
                files: ObjectStore::s3(&aws, bucket, path_style),
                queue: Queue::sqs(&aws, queue_url),
            })
        })
    }

    /// Wakes the job for reports that have been committed. Where that fails, the sweep wakes it later.
    pub(crate) async fn wake(&self, reports: &[ReportRequested]) {
        for message in reports {
            if let Err(error) = self.queue.send(message).await {
                let error = format!("{:#}", anyhow::anyhow!(error));
                tracing::warn!(report.id = %message.report_id, error, "wake-up not sent");
            }
        }
    }
}

/// Where limits are counted.
impl AsRef<Database> for Context {
    fn as_ref(&self) -> &Database {
        &self.database
    }
}
