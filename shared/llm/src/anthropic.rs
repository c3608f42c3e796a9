//! Anthropic's Messages API, as far as it is needed: one question, one answer, of a shape if one is given.

use async_openai::config::Config as _;
use reqwest::{
    Client,
    header::{CONTENT_TYPE, HeaderName},
};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Error, Reply, Shape, Usage,
    endpoint::Endpoint,
    transport::{self, MAX_ANSWER_BYTES, bounded, twice},
};

const VERSION: &str = "2023-06-01";

/// The service wants to know; a plan is a tenth of it.
const MAX_TOKENS: u32 = 4_096;

pub(crate) struct Anthropic {
    client: Client,
    endpoint: Endpoint,
}

#[derive(Deserialize)]
struct Message {
    content: Vec<Block>,
    #[serde(default)]
    usage: Option<Counted>,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Text {
        text: String,
    },
    ToolUse {
        input: Value,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Counted {
    input_tokens: u32,
    output_tokens: u32,
}

impl Anthropic {
    pub(crate) fn new(base: &str, key: Option<SecretString>) -> Result<Self, Error> {
        let endpoint = Endpoint::opened_by(HeaderName::from_static("x-api-key"), "", base, key)?;
        Ok(Self { client: transport::client()?, endpoint })
    }

    pub(crate) async fn ask(
        &self,
        model: &str,
        instructions: &str,
        request: &str,
        shape: Option<&Shape>,
    ) -> Result<Reply, Error> {
        let mut body = json!({
            "model": model,
            "max_tokens": MAX_TOKENS,
            "system": instructions,
            "messages": [{"role": "user", "content": request}],
        });
        // A tool that has to be used is how this service gives a shape.
        if let Some(Shape { name, schema }) = shape {
            body["tools"] = json!([{"name": name, "input_schema": schema}]);
            body["tool_choice"] = json!({"type": "tool", "name": name});
        }
        let body = body.to_string();
        let body = &body;
        let answer = twice(move || self.post(body));
        let Message { content, usage } =
            serde_json::from_slice(&answer.await?).map_err(|_| Error::Unreadable)?;
        let content = content.into_iter().find_map(|block| match block {
            Block::Text { text } if shape.is_none() => Some(text),
            Block::ToolUse { input } => Some(input.to_string()),
            Block::Text { .. } | Block::Other => None,
        });
        let usage =
            usage.map(|Counted { input_tokens, output_tokens }| Usage { input_tokens, output_tokens });
        Ok(Reply { content: content.ok_or(Error::Unreadable)?, usage })
    }

    async fn post(&self, body: &str) -> Result<Vec<u8>, Error> {
        let request = self.client.post(self.endpoint.url("/messages")).headers(self.endpoint.headers());
        let request = request.header("anthropic-version", VERSION).header(CONTENT_TYPE, "application/json");
        let request = request.body(body.to_owned()).build().map_err(|_| Error::Unreachable)?;
        bounded(&self.client, request, MAX_ANSWER_BYTES).await
    }
}

#[cfg(test)]
mod tests;
