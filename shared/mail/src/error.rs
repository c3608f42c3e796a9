//! What can go wrong between a stored mail and the mail service.

use std::error::Error as StdError;

/// Why a mail was not rendered, composed or sent. The cause is the source, never part of the text.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not an address that mail can be sent to")]
    Address,
    #[error("the stored figures of the mail cannot be read")]
    Payload { source: serde_json::Error },
    #[error("template {name} cannot be rendered")]
    Template { name: String, source: minijinja::Error },
    #[error("the message cannot be composed")]
    Compose { source: std::io::Error },
    #[error("the mail service refused the mail")]
    Refused { source: Box<dyn StdError + Send + Sync> },
    #[error("the mail service could not take the mail now")]
    Unavailable { source: Box<dyn StdError + Send + Sync> },
}

impl Error {
    /// Whether another try cannot help.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Unavailable { .. })
    }
}
