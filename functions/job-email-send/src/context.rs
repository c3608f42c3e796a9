//! What every invocation uses.

use std::time::Duration;

use anyhow::Context as _;
use cloud::{ObjectStore, PathStyle};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};
use mail::{Mailbox, Mailer, Templates};
use serde::Deserialize;

/// Five minutes: a mail is tried at 0, 5 and 30 minutes.
const RETRY_SECONDS: u64 = 300;

/// Made once at cold start.
pub struct Context {
    pub db: Database,
    pub mailer: Mailer,
    pub templates: Templates,
    /// Sender of every mail.
    pub from: Mailbox,
    /// Where files of reports lie.
    pub reports: ObjectStore,
    /// Where links in mails lead that are answered without a page: the API.
    pub api_url: String,
    /// Between the first try and the second; five times as long before the third.
    pub retry: Duration,
}

/// Where mails go when not to SES; has a password in it.
#[derive(Deserialize)]
struct MailSecret {
    mail_url: String,
}

impl Context {
    /// # Errors
    /// Names every missing variable; or what could not be reached.
    #[must_use]
    pub fn from_env() -> Boxed<'static, anyhow::Result<Self>> {
        Box::pin(async {
            let mut config = Config::from_env();
            let secret_arn = config.required("DATABASE_SECRET_ARN");
            let from = config.required("MAIL_FROM");
            let public_url = config.required("PUBLIC_URL");
            let bucket = config.required("REPORTS_BUCKET");
            let api_url = config.optional("API_URL").unwrap_or_else(|| public_url.clone());
            let mail_secret = config.optional("MAIL_SECRET_ARN");
            let configuration_set = config.optional("MAIL_CONFIGURATION_SET");
            let retry = config.optional("MAIL_RETRY_SECONDS");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            config.finish()?;
            let aws = edge::aws::config().await?;
            let secrets = Secrets::new(&aws);
            let mailer = match mail_secret {
                Some(arn) => Mailer::smtp(&secrets.json::<MailSecret>(&arn).await?.mail_url)?,
                None => Mailer::ses(&aws, configuration_set),
            };
            let retry = retry.map_or(Ok(RETRY_SECONDS), |text| text.parse()).context("MAIL_RETRY_SECONDS")?;
            Ok(Self {
                db: secrets.database(&secret_arn).await?,
                mailer,
                templates: Templates::new(public_url)?,
                from: from.parse().context("MAIL_FROM")?,
                reports: ObjectStore::s3(&aws, bucket, path_style),
                api_url: api_url.trim_end_matches('/').to_owned(),
                retry: Duration::from_secs(retry),
            })
        })
    }
}
