//! What can go wrong. The cause is the source, never part of the text.

use std::error::Error as StdError;

type Source = Box<dyn StdError + Send + Sync>;

/// A failed call to a store or a queue.
///
/// `NotFound` and `TooLarge` are facts about the object; everything else is worth another try.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("object {key} does not exist")]
    NotFound { key: String },
    #[error("object {key} is larger than {max_bytes} bytes")]
    TooLarge { key: String, max_bytes: u64 },
    #[error("cannot {operation} object {key}")]
    Object { operation: &'static str, key: String, source: Source },
    #[error("cannot write object {key} to a local file")]
    LocalFile { key: String, source: std::io::Error },
    #[error("cannot encode a queue message")]
    Encode { source: serde_json::Error },
    #[error("cannot send to queue {queue_url}")]
    Send { queue_url: String, source: Source },
}

impl Error {
    pub(crate) fn object(
        operation: &'static str,
        key: &str,
        source: impl StdError + Send + Sync + 'static,
    ) -> Self {
        Self::Object { operation, key: key.to_owned(), source: Box::new(source) }
    }
}
