//! The language models of an installation, in the order in which they are asked.

use data::{DatabaseSettings, Reader};
use edge::{config::Config, secrets::Secrets};
use std::time::Duration;

use llm::{Dialect, Embedder, EmbedderSettings, Model, PATIENCE, Panel, Settings};
use serde::Deserialize;

use crate::Advisor;

/// What is found by likeness is worth no longer wait.
const EMBEDDING_TIME: Duration = Duration::from_secs(3);

/// The secret beside `LLM_BASE_URL` and `LLM_MODEL`: the key, and who is asked when that one fails.
#[derive(Default, Deserialize)]
struct ModelSecret {
    key: Option<String>,
    #[serde(default)]
    dialect: Dialect,
    #[serde(default)]
    others: Vec<OtherSecret>,
    /// Who makes vectors; without it they are made here.
    embeddings: Option<EmbeddingSecret>,
}

#[derive(Deserialize)]
struct EmbeddingSecret {
    base_url: String,
    model: String,
    key: Option<String>,
}

#[derive(Deserialize)]
struct OtherSecret {
    #[serde(default)]
    dialect: Dialect,
    base_url: String,
    model: String,
    key: Option<String>,
}

impl Advisor {
    /// The models, where any are configured. Questions are answered without as well: a setting that is wrong stops nothing.
    ///
    /// # Errors
    /// When the secret of the reading role is missing.
    pub(crate) async fn from_env() -> anyhow::Result<Option<Self>> {
        let mut config = Config::from_env();
        let [base_url, model, secret] =
            ["LLM_BASE_URL", "LLM_MODEL", "LLM_SECRET_ARN"].map(|name| config.optional(name));
        let Some((base_url, model)) = base_url.zip(model) else { return Ok(None) };
        let reader = config.required("READER_SECRET_ARN");
        let tokens_a_month = config.required("QUOTA_AI_TOKENS_PER_MONTH").parse().unwrap_or_default();
        config.finish()?;
        let secrets = Secrets::connect().await?;
        let ModelSecret { key, dialect, others, embeddings } = match secret {
            Some(arn) => secrets.json(&arn).await?,
            None => ModelSecret::default(),
        };
        let first = OtherSecret { dialect, base_url, model, key };
        let models = std::iter::once(first).chain(others).filter_map(connect).collect();
        let reader = Reader::connect(&secrets.json::<DatabaseSettings>(&reader).await?)?;
        let embedder = embeddings.and_then(embedder).unwrap_or(Embedder::BuiltIn);
        Ok(Some(Self { panel: Panel::new(models), reader, tokens_a_month, embedder }))
    }
}

fn embedder(EmbeddingSecret { base_url, model, key }: EmbeddingSecret) -> Option<Embedder> {
    let settings = EmbedderSettings { base_url, model, key: key.map(Into::into), patience: EMBEDDING_TIME };
    Embedder::new(settings)
        .inspect_err(|error| tracing::error!(error = %error, "the service of vectors is not usable"))
        .ok()
}

fn connect(OtherSecret { dialect, base_url, model, key }: OtherSecret) -> Option<Model> {
    let settings = Settings { dialect, base_url, model, key: key.map(Into::into), patience: PATIENCE };
    Model::new(settings).inspect_err(|error| tracing::error!(error = %error, "a model is not usable")).ok()
}
