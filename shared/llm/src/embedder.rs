//! Vectors of texts: what is said in like words lies close together.

mod built_in;
mod service;

use std::time::Duration;

use secrecy::SecretString;

use crate::{Error, Usage};
use service::Service;

/// Who makes vectors. Those of one maker are not to be compared with those of another.
pub enum Embedder {
    /// Words and parts of words, counted: knows no meanings, costs nothing, and gives the same for ever.
    BuiltIn,
    /// An OpenAI-compatible service.
    Service(Box<Service>),
}

/// Which service to ask.
#[derive(Debug, Clone)]
pub struct EmbedderSettings {
    /// For example `https://api.openai.com/v1`.
    pub base_url: String,
    pub model: String,
    pub key: Option<SecretString>,
    pub patience: Duration,
}

/// One vector a text, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    pub vectors: Vec<Vec<f32>>,
    /// `None` when nobody counts.
    pub usage: Option<Usage>,
}

impl Embedder {
    /// # Errors
    /// When address or key cannot be used.
    pub fn new(settings: EmbedderSettings) -> Result<Self, Error> {
        Ok(Self::Service(Box::new(Service::new(settings)?)))
    }

    /// Whose vectors these are. The built-in ones have a number that rises when they change.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn => "built_in/1",
            Self::Service(service) => service.name(),
        }
    }

    /// Most texts of one call.
    #[must_use]
    pub fn at_once(&self) -> u32 {
        match self {
            Self::BuiltIn => 2_000,
            Self::Service(_) => service::TEXTS_MAX,
        }
    }

    /// # Errors
    /// When there is no answer, not in time, or none with a vector for each text.
    pub async fn embed(&self, texts: &[&str]) -> Result<Embedded, Error> {
        match self {
            Self::BuiltIn => {
                let vectors = texts.iter().map(|text| built_in::vector(text)).collect();
                Ok(Embedded { vectors, usage: None })
            }
            Self::Service(service) => service.embed(texts).await,
        }
    }
}

#[cfg(test)]
mod tests;
