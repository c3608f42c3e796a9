//! One model behind a service.

use std::time::Duration;

use async_openai::{Client, middleware::HttpRequestFactory};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::service_fn;

use crate::{
    Error,
    anthropic::Anthropic,
    endpoint::Endpoint,
    transport::{self, Completion},
};

/// Longest time for an answer, retry included.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Which model to ask, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    pub dialect: Dialect,
    /// For example `https://api.openai.com/v1`.
    pub base_url: String,
    /// Name of the model, as its service knows it.
    pub model: String,
    /// A local server may need none.
    pub key: Option<SecretString>,
    pub patience: Duration,
}

/// How a service is talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// OpenAI's own service and all that are compatible with it.
    #[default]
    #[serde(rename = "openai")]
    OpenAi,
    Anthropic,
}

/// A model that can be asked.
pub struct Model {
    service: Service,
    name: String,
    patience: Duration,
}

enum Service {
    OpenAi(Box<Client<Endpoint>>),
    Anthropic(Anthropic),
}

/// What a model answered: a text that may be anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub content: String,
    /// `None` when the service does not say.
    pub usage: Option<Usage>,
}

/// Tokens of a call, as the service counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Usage {
    #[serde(rename = "prompt_tokens")]
    pub input_tokens: u32,
    #[serde(rename = "completion_tokens")]
    pub output_tokens: u32,
}

/// What an answer must look like.
#[derive(Debug, Clone)]
pub struct Shape {
    /// Letters, digits and underscores.
    pub name: &'static str,
    /// JSON Schema.
    pub schema: Value,
}

impl Model {
    /// # Errors
    /// When address or key cannot be used.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let Settings { dialect, base_url, model: name, key, patience } = settings;
        let service = match dialect {
            Dialect::OpenAi => Service::OpenAi(Box::new(openai(&base_url, key)?)),
            Dialect::Anthropic => Service::Anthropic(Anthropic::new(&base_url, key)?),
        };
        Ok(Self { service, name, patience })
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Asks for one JSON object. What comes back is only known to be short.
    ///
    /// # Errors
    /// When there is no answer, not in time, or not one of a chat completion.
    pub async fn ask(&self, instructions: &str, request: &str) -> Result<Reply, Error> {
        let asked = self.converse(instructions, request, None);
        timeout(self.patience, asked).await.map_err(|_| Error::Timeout)?
    }

    /// The same of a shape. A service that does not know shapes is asked without: the instructions must say it as well.
    ///
    /// # Errors
    /// As [`Model::ask`].
    pub async fn propose(&self, instructions: &str, request: &str, shape: &Shape) -> Result<Reply, Error> {
        let asked = async {
            match self.converse(instructions, request, Some(shape)).await {
                Err(error) if transport::does_not_know(error) => {
                    self.converse(instructions, request, None).await
                }
                outcome => outcome,
            }
        };
        timeout(self.patience, asked).await.map_err(|_| Error::Timeout)?
    }

    async fn converse(
        &self,
        instructions: &str,
        request: &str,
        shape: Option<&Shape>,
    ) -> Result<Reply, Error> {
        let client = match &self.service {
            Service::OpenAi(client) => client,
            Service::Anthropic(service) => {
                return service.ask(&self.name, instructions, request, shape).await;
            }
        };
        let format = shape.map_or_else(
            || json!({"type": "json_object"}),
            |Shape { name, schema }| {
                json!({"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": false}})
            },
        );
        // The least that OpenAI-compatible services have in common.
        let body = json!({
            "model": self.name,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": request},
            ],
            "response_format": format,
            "stream": false,
        });
        let Completion { choices, usage } = client.chat().create_byot::<Value, Completion>(body).await?;
        let content = choices.into_iter().next().and_then(|choice| choice.message.content);
        Ok(Reply { content: content.ok_or(Error::Unreadable)?, usage })
    }
}

fn openai(base_url: &str, key: Option<SecretString>) -> Result<Client<Endpoint>, Error> {
    let http = transport::client()?;
    let send = {
        let http = http.clone();
        service_fn(move |request: HttpRequestFactory| {
            let http = http.clone();
            async move { transport::send(http, request).await.map_err(tower::BoxError::from) }
        })
    };
    Ok(Client::build(http, Endpoint::new(base_url, key)?).with_http_service(send))
}

#[cfg(test)]
mod tests;
