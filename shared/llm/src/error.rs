//! Why there is no answer.

use async_openai::error::OpenAIError;

/// Why there is no answer. Says nothing that a service said: that may be anything, and may hold the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("the address of the model is none, or would carry the key in clear")]
    Address,
    #[error("the key of the model cannot be sent")]
    Key,
    #[error("the model did not answer in time")]
    Timeout,
    #[error("the model could not be reached")]
    Unreachable,
    #[error("the model's service answered with status {0}")]
    Status(u16),
    #[error("the model's answer is too large")]
    TooLarge,
    #[error("the model's answer cannot be read")]
    Unreadable,
}

impl Error {
    /// Stable, for records of calls.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Key => "key",
            Self::Timeout => "timeout",
            Self::Unreachable => "unreachable",
            Self::Status(_) => "status",
            Self::TooLarge => "too_large",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether a second try may fare better.
    pub(crate) fn may_pass(self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Status(status) => status == 429 || status >= 500,
            _ => false,
        }
    }

    pub(crate) fn of_transport(error: &reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Unreachable }
    }
}

impl From<OpenAIError> for Error {
    fn from(error: OpenAIError) -> Self {
        match error {
            OpenAIError::Boxed(ours) => ours.downcast::<Self>().map_or(Self::Unreadable, |ours| *ours),
            OpenAIError::Reqwest(error) => Self::of_transport(&error),
            _ => Self::Unreadable,
        }
    }
}
