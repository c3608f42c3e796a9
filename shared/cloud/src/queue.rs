//! Queues of JSON messages.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use aws_config::SdkConfig;
use domain::EmailRequested;
use serde::{Serialize, de::DeserializeOwned};

use crate::Error;

/// Where messages are sent.
#[derive(Debug, Clone)]
pub enum Queue {
    Sqs(SqsQueue),
    Memory(MemoryQueue),
}

/// One SQS queue.
#[derive(Debug, Clone)]
pub struct SqsQueue {
    client: aws_sdk_sqs::Client,
    url: String,
}

/// Keeps what was sent until it is drained. Clones share their messages.
#[derive(Debug, Clone, Default)]
pub struct MemoryQueue(Arc<Mutex<Vec<String>>>);

impl Queue {
    /// The SQS queue with this URL.
    #[must_use]
    pub fn sqs(config: &SdkConfig, url: impl Into<String>) -> Self {
        Self::Sqs(SqsQueue { client: aws_sdk_sqs::Client::new(config), url: url.into() })
    }

    /// Sends one message as JSON. It may be delivered more than once and out of order.
    ///
    /// # Errors
    /// [`Error::Encode`], [`Error::Send`].
    pub async fn send(&self, message: &impl Serialize) -> Result<(), Error> {
        let body = serde_json::to_string(message).map_err(|source| Error::Encode { source })?;
        match self {
            Self::Sqs(SqsQueue { client, url }) => {
                client
                    .send_message()
                    .queue_url(url)
                    .message_body(body)
                    .send()
                    .await
                    .map_err(|source| Error::Send { queue_url: url.clone(), source: Box::new(source) })?;
            }
            Self::Memory(queue) => {
                queue.0.lock().unwrap_or_else(PoisonError::into_inner).push(body);
            }
        }
        Ok(())
    }

    /// Tells the sender of mails that these wait; call it after the commit. They wait in the database, where the sweep finds
    /// them when this wake-up is lost: a failure is logged and no error.
    pub async fn wake(&self, mails: impl IntoIterator<Item = &EmailRequested>) {
        for mail in mails {
            if let Err(error) = self.send(mail).await {
                tracing::warn!(email.id = %mail.email_id, error = format!("{:#}", anyhow::anyhow!(error)), "wake-up not sent");
            }
        }
    }
}

impl MemoryQueue {
    /// Takes out everything sent so far, oldest first.
    ///
    /// # Errors
    /// When a message is not a `T`.
    pub fn drain<T: DeserializeOwned>(&self) -> Result<Vec<T>, serde_json::Error> {
        let bodies = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        bodies.iter().map(|body| serde_json::from_str(body)).collect()
    }
}

#[cfg(test)]
mod tests {
    use domain::{EmailId, OrgId};

    use super::*;

    #[tokio::test]
    async fn a_drained_queue_gives_the_messages_in_order_and_is_empty_afterwards() {
        let messages = MemoryQueue::default();
        let queue = Queue::Memory(messages.clone());
        let sent = [1, 2].map(|_| EmailRequested { org_id: OrgId::new(), email_id: EmailId::new() });
        for message in &sent {
            queue.send(message).await.unwrap();
        }
        assert_eq!(messages.drain::<EmailRequested>().unwrap(), sent);
        assert!(messages.drain::<EmailRequested>().unwrap().is_empty());
    }
}
