//! The way out.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_sesv2::{
    Client,
    config::Builder,
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Destination, EmailContent, RawMessage},
};

use crate::{Address, Error, Mailbox};

/// A mail's row stays locked while it is sent; the function has 30 s.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// A mail service.
#[derive(Debug, Clone)]
pub enum Mailer {
    Ses(SesMailer),
    Memory(MemoryMailer),
}

/// Amazon SES.
#[derive(Debug, Clone)]
pub struct SesMailer(Client);

/// Keeps the mails it is given, and fails when told to. Clones share their mails.
#[derive(Debug, Clone, Default)]
pub struct MemoryMailer(Arc<Mutex<Outbox>>);

#[derive(Debug, Default)]
struct Outbox {
    sent: Vec<Vec<u8>>,
    failures: VecDeque<Failure>,
}

/// How a [`MemoryMailer`] fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    Refused,
    Unavailable,
}

impl Mailer {
    /// SES in the region of `config`. It does not retry: the queue does, and it waits longer.
    #[must_use]
    pub fn ses(config: &SdkConfig) -> Self {
        let config = Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(SEND_TIMEOUT).build())
            .build();
        Self::Ses(SesMailer(Client::from_conf(config)))
    }

    /// Hands a composed message over and returns the service's id for it.
    ///
    /// # Errors
    /// [`Error::Refused`] when another try cannot help, else [`Error::Unavailable`].
    pub async fn send(&self, from: &Mailbox, to: &Address, mime: Vec<u8>) -> Result<String, Error> {
        match self {
            Self::Ses(SesMailer(client)) => send_by_ses(client, from, to, mime).await,
            Self::Memory(mailer) => mailer.send(mime),
        }
    }
}

async fn send_by_ses(client: &Client, from: &Mailbox, to: &Address, mime: Vec<u8>) -> Result<String, Error> {
    let raw = RawMessage::builder()
        .data(Blob::new(mime))
        .build()
        .map_err(|error| Error::Refused { source: Box::new(error) })?;
    let sent = client
        .send_email()
        .from_email_address(from.address.as_str())
        .destination(Destination::builder().to_addresses(to.as_str()).build())
        .content(EmailContent::builder().raw(raw).build())
        .send()
        .await;
    match sent {
        Ok(output) => Ok(output.message_id.unwrap_or_default()),
        Err(error) => {
            let refused = error.as_service_error().is_some_and(is_refusal);
            let source = Box::new(error);
            Err(if refused { Error::Refused { source } } else { Error::Unavailable { source } })
        }
    }
}

/// Whether SES objects to this very mail. A paused account or an unverified domain is mended by people; the mail waits.
fn is_refusal(error: &SendEmailError) -> bool {
    matches!(error, SendEmailError::BadRequestException(_) | SendEmailError::MessageRejected(_))
}

impl MemoryMailer {
    /// The messages sent so far, oldest first.
    #[must_use]
    pub fn sent(&self) -> Vec<Vec<u8>> {
        self.outbox().sent.clone()
    }

    /// Makes one send fail; several calls line up.
    pub fn fail_next(&self, failure: Failure) {
        self.outbox().failures.push_back(failure);
    }

    fn send(&self, mime: Vec<u8>) -> Result<String, Error> {
        let mut outbox = self.outbox();
        match outbox.failures.pop_front() {
            Some(Failure::Refused) => Err(Error::Refused { source: "told to refuse".into() }),
            Some(Failure::Unavailable) => Err(Error::Unavailable { source: "told to be unavailable".into() }),
            None => {
                outbox.sent.push(mime);
                Ok(format!("memory-{}", outbox.sent.len()))
            }
        }
    }

    fn outbox(&self) -> MutexGuard<'_, Outbox> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
