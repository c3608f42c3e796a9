//! One model behind an OpenAI-compatible service.

use std::time::Duration;

use async_openai::{Client, middleware::HttpRequestFactory};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::service_fn;

use crate::{
    Error,
    endpoint::Endpoint,
    transport::{self, Completion},
};

/// Longest time for an answer, retry included.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Which model to ask, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// For example `https://api.openai.com/v1`.
    pub base_url: String,
    /// Name of the model, as its service knows it.
    pub model: String,
    /// A local server may need none.
    pub key: Option<SecretString>,
    pub patience: Duration,
}

/// A model that can be asked.
pub struct Model {
    client: Client<Endpoint>,
    name: String,
    patience: Duration,
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

impl Model {
    /// # Errors
    /// When address or key cannot be used.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        let Settings { base_url, model: name, key, patience } = settings;
        let http = transport::client()?;
        let send = {
            let http = http.clone();
            service_fn(move |request: HttpRequestFactory| {
                let http = http.clone();
                async move { transport::send(http, request).await.map_err(tower::BoxError::from) }
            })
        };
        let client = Client::build(http, Endpoint::new(&base_url, key)?).with_http_service(send);
        Ok(Self { client, name, patience })
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
        // The least that OpenAI-compatible services have in common.
        let body = json!({
            "model": self.name,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": request},
            ],
            "response_format": {"type": "json_object"},
            "stream": false,
        });
        let chat = self.client.chat();
        let asked = chat.create_byot::<Value, Completion>(body);
        let Completion { choices, usage } =
            timeout(self.patience, asked).await.map_err(|_| Error::Timeout)??;
        let content = choices.into_iter().next().and_then(|choice| choice.message.content);
        Ok(Reply { content: content.ok_or(Error::Unreadable)?, usage })
    }
}

#[cfg(test)]
mod tests;
