//! Amazon SES.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use aws_config::{SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_sesv2::{
    Client,
    config::Builder,
    error::SdkError,
    operation::send_email::SendEmailError,
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};

use super::{SEND_TIMEOUT, Tags};
use crate::{Address, Error, Mailbox, error::without_answer};

/// Quotas change when somebody asks AWS for more.
const RATE_KEPT: Duration = Duration::from_secs(3600);

/// While the account does not say: what SES gives to every account outside its sandbox. Above its own rate SES says so.
const USUAL_RATE: u32 = 14;

/// SES in one region. It does not retry: the outbox does, and it waits longer.
#[derive(Debug, Clone)]
pub struct SesMailer {
    client: Client,
    configuration_set: Option<String>,
    rate: Arc<Mutex<Option<(u32, Instant)>>>,
}

impl SesMailer {
    pub(super) fn new(config: &SdkConfig, configuration_set: Option<String>) -> Self {
        let config = Builder::from(config)
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_timeout(SEND_TIMEOUT).build())
            .build();
        Self { client: Client::from_conf(config), configuration_set, rate: Arc::default() }
    }

    pub(super) fn reports(&self) -> bool {
        self.configuration_set.is_some()
    }

    pub(super) async fn rate(&self) -> u32 {
        let known = *self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((rate, _)) = known.filter(|(_, since)| since.elapsed() < RATE_KEPT) {
            return rate;
        }
        let rate = match self.client.get_account().send().await {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a rate, bounded first"
            )]
            Ok(account) => {
                account.send_quota().map_or(USUAL_RATE, |quota| quota.max_send_rate().clamp(1.0, 1e6) as u32)
            }
            Err(error) => {
                tracing::warn!(error = format!("{:#}", anyhow::anyhow!(error)), "sending rate not known");
                USUAL_RATE
            }
        };
        *self.rate.lock().unwrap_or_else(PoisonError::into_inner) = Some((rate, Instant::now()));
        rate
    }

    pub(super) async fn send(
        &self,
        tags: Tags,
        from: &Mailbox,
        to: &Address,
        mime: Vec<u8>,
    ) -> Result<String, Error> {
        let unbuilt = |error| Error::Refused { source: Box::new(error) };
        let raw = RawMessage::builder().data(Blob::new(mime)).build().map_err(unbuilt)?;
        let tag = |name: &str, value: String| {
            MessageTag::builder().name(name).value(value).build().map_err(unbuilt)
        };
        let sent = self
            .client
            .send_email()
            .from_email_address(from.address.as_str())
            .destination(Destination::builder().to_addresses(to.as_str()).build())
            .content(EmailContent::builder().raw(raw).build())
            .set_configuration_set_name(self.configuration_set.clone())
            .email_tags(tag("org", tags.org.to_string())?)
            .email_tags(tag("email", tags.email.to_string())?)
            .send()
            .await;
        match sent {
            Ok(output) => Ok(output.message_id.unwrap_or_default()),
            Err(error) => Err(failure(error)),
        }
    }
}

fn failure(error: SdkError<SendEmailError>) -> Error {
    let refused = error.as_service_error().is_some_and(is_refusal);
    match error {
        // It answered, or nothing was sent at all.
        error @ (SdkError::ServiceError(_) | SdkError::ConstructionFailure(_)) => {
            let source = Box::new(error);
            if refused { Error::Refused { source } } else { Error::Unavailable { source } }
        }
        error => without_answer(error),
    }
}

/// Whether SES objects to this very mail. A paused account or an unverified domain is mended by people; the mail waits.
fn is_refusal(error: &SendEmailError) -> bool {
    matches!(error, SendEmailError::BadRequestException(_) | SendEmailError::MessageRejected(_))
}
