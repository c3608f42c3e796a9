//! What every invocation uses.

use std::sync::Arc;

use anyhow::Context as _;
use cloud::{ObjectStore, PathStyle, Queue};
use data::Database;
use edge::{Boxed, config::Config, secrets::Secrets};
use ingest::Profiles;
use llm::{Dialect, Model, PATIENCE, Settings};
use serde::Deserialize;

use crate::buyers::Buyers;

/// Made once at cold start.
pub struct Context {
    pub database: Database,
    pub inbox: ObjectStore,
    pub emails: Queue,
    pub profiles: Arc<Profiles>,
    /// Asked about layouts that stay open; `None` where nobody wants that.
    pub model: Option<Model>,
    /// What buyers are told apart with, where an organisation wants that.
    pub buyers: Buyers,
    /// What an organisation may have it read and write a month, if it was given no quota of its own.
    pub ai_tokens_a_month: u64,
}

/// What the secret of a model's service holds.
#[derive(Deserialize)]
struct ModelSecret {
    key: Option<String>,
    #[serde(default)]
    dialect: Dialect,
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
            let queue = config.required("EMAIL_QUEUE_URL");
            let buyers = config.required("BUYER_SECRET_ARN");
            let path_style = PathStyle::from_setting(config.optional("S3_PATH_STYLE").as_deref());
            let ai_tokens_a_month = config.required("QUOTA_AI_TOKENS_PER_MONTH").parse().unwrap_or_default();
            let model = ["LLM_BASE_URL", "LLM_MODEL", "LLM_SECRET_ARN"].map(|name| config.optional(name));
            config.finish()?;
            let aws = edge::aws::config().await?;
            let secrets = Secrets::new(&aws);
            Ok(Self {
                database: secrets.database(&secret).await?,
                inbox: ObjectStore::s3(&aws, bucket, path_style),
                emails: Queue::sqs(&aws, queue),
                profiles: Arc::new(Profiles::shipped().context("a shipped profile is broken")?),
                model: connect(model, &secrets).await,
                buyers: Buyers::stored(secrets, buyers),
                ai_tokens_a_month,
            })
        })
    }
}

/// The model, where one is configured. Files are read without it as well: a setting of it that is wrong stops nothing.
async fn connect([base_url, model, key]: [Option<String>; 3], secrets: &Secrets) -> Option<Model> {
    let (base_url, model) = (base_url?, model?);
    let connected = async {
        let (key, dialect) = match key {
            Some(arn) => {
                let ModelSecret { key, dialect } = secrets.json(&arn).await?;
                (key.map(Into::into), dialect)
            }
            None => (None, Dialect::default()),
        };
        anyhow::Ok(Model::new(Settings { dialect, base_url, model, key, patience: PATIENCE })?)
    };
    let connected = connected.await;
    connected
        .inspect_err(|error| tracing::error!(error = format!("{error:#}"), "the model is not usable"))
        .ok()
}
