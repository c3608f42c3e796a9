//! An OpenAI-compatible service of vectors.

use std::time::Duration;

use async_openai::config::Config as _;
use reqwest::{Client, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::{Embedded, EmbedderSettings};
use crate::{
    Error, Usage,
    endpoint::Endpoint,
    transport::{self, bounded, twice},
};

/// Most texts of a call: services take some hundreds.
pub(super) const TEXTS_MAX: u32 = 128;
/// So many vectors of the widest kind, as JSON.
const ANSWER_BYTES_MAX: usize = 8 << 20;
/// Widest vector that any service gives.
const WIDTH_MAX: usize = 4_096;

pub struct Service {
    client: Client,
    endpoint: Endpoint,
    model: String,
    patience: Duration,
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<One>,
    #[serde(default)]
    usage: Option<Counted>,
}

#[derive(Deserialize)]
struct One {
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Counted {
    prompt_tokens: u32,
}

impl Service {
    pub(super) fn new(settings: EmbedderSettings) -> Result<Self, Error> {
        let EmbedderSettings { base_url, model, key, patience } = settings;
        Ok(Self { client: transport::client()?, endpoint: Endpoint::new(&base_url, key)?, model, patience })
    }

    pub(super) fn name(&self) -> &str {
        &self.model
    }

    pub(super) async fn embed(&self, texts: &[&str]) -> Result<Embedded, Error> {
        let body = json!({"model": self.model, "input": texts, "encoding_format": "float"}).to_string();
        let body = &body;
        let asked = twice(move || self.post(body));
        let answer = timeout(self.patience, asked).await.map_err(|_| Error::Timeout)??;
        let Answer { mut data, usage } = serde_json::from_slice(&answer).map_err(|_| Error::Unreadable)?;
        data.sort_by_key(|one| one.index);
        let is_in_order = data.iter().enumerate().all(|(at, one)| one.index == at);
        let vectors: Vec<Vec<f32>> = data.into_iter().map(|one| one.embedding).collect();
        let width = vectors.first().map_or(0, Vec::len);
        let is_vector = |vector: &Vec<f32>| {
            vector.len() == width && vector.iter().all(|n| n.is_finite()) && vector.iter().any(|n| *n != 0.0)
        };
        let is_sound = is_in_order && vectors.len() == texts.len() && (1..=WIDTH_MAX).contains(&width);
        if !is_sound || !vectors.iter().all(is_vector) {
            return Err(Error::Unreadable);
        }
        let usage = usage.map(|counted| Usage { input_tokens: counted.prompt_tokens, output_tokens: 0 });
        Ok(Embedded { vectors, usage })
    }

    async fn post(&self, body: &str) -> Result<Vec<u8>, Error> {
        let request = self.client.post(self.endpoint.url("/embeddings")).headers(self.endpoint.headers());
        let request = request.header(CONTENT_TYPE, "application/json").body(body.to_owned());
        bounded(&self.client, request.build().map_err(|_| Error::Unreachable)?, ANSWER_BYTES_MAX).await
    }
}
