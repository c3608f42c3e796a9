//! What can go wrong between a stored mail and the mail service.

use std::{error::Error as StdError, io::ErrorKind};

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
    /// `said`: the words of the reader's server, on one line.
    #[error("the reader's mail server knows no such address")]
    NoReader { said: String },
    #[error("the mail service could not take the mail now")]
    Unavailable { source: Box<dyn StdError + Send + Sync> },
    #[error("the connection to the mail service broke before it had answered")]
    Unanswered { source: Box<dyn StdError + Send + Sync> },
    #[error("the address of the mail service cannot be used: {0}")]
    Service(&'static str),
}

/// Sorts a failed call: one that never reached the service had no effect; of any other without an answer nobody knows.
pub(crate) fn without_answer(error: impl StdError + Send + Sync + 'static) -> Error {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(&error);
    let mut never_left = false;
    while let Some(link) = cause {
        never_left |= link.downcast_ref::<std::io::Error>().is_some_and(|io| {
            matches!(
                io.kind(),
                ErrorKind::ConnectionRefused
                    | ErrorKind::HostUnreachable
                    | ErrorKind::NetworkUnreachable
                    | ErrorKind::AddrNotAvailable
            )
        });
        cause = link.source();
    }
    let source = Box::new(error);
    if never_left { Error::Unavailable { source } } else { Error::Unanswered { source } }
}

impl Error {
    /// Whether another try cannot help.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Unavailable { .. } | Self::Unanswered { .. })
    }
}
