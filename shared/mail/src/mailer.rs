//! The way out.

mod memory;
mod ses;
mod smtp;

use std::time::Duration;

use aws_config::SdkConfig;
use domain::{EmailId, OrgId};

pub use self::{
    memory::{Failure, MemoryMailer},
    ses::SesMailer,
    smtp::SmtpMailer,
};
use crate::{Address, Error, Mailbox};

/// The function has 30 s for a mail, and one of 35 MB takes a few.
const SEND_TIMEOUT: Duration = Duration::from_secs(20);

/// A mail service.
#[derive(Debug, Clone)]
pub enum Mailer {
    Ses(SesMailer),
    Smtp(SmtpMailer),
    Memory(MemoryMailer),
}

/// Which mail it is, for the reports that come later.
#[derive(Debug, Clone, Copy)]
pub struct Tags {
    pub org: OrgId,
    pub email: EmailId,
}

impl Mailer {
    /// SES in the region of `config`. With a configuration set it reports what becomes of mails.
    #[must_use]
    pub fn ses(config: &SdkConfig, configuration_set: Option<String>) -> Self {
        Self::Ses(SesMailer::new(config, configuration_set))
    }

    /// The SMTP server at `smtps://user:password@host` or `smtp://…?tls=required`.
    ///
    /// # Errors
    /// When the address cannot be read, or would carry mails in clear over a network.
    pub fn smtp(url: &str) -> Result<Self, Error> {
        SmtpMailer::new(url).map(Self::Smtp)
    }

    /// Whether reports come that say what became of a mail.
    #[must_use]
    pub fn reports(&self) -> bool {
        match self {
            Self::Ses(ses) => ses.reports(),
            Self::Smtp(_) => false,
            Self::Memory(memory) => memory.reports(),
        }
    }

    /// How many mails a second may be sent, by all instances together.
    pub async fn rate(&self) -> u32 {
        match self {
            Self::Ses(ses) => ses.rate().await,
            Self::Smtp(_) => smtp::RATE,
            Self::Memory(_) => u32::MAX,
        }
    }

    /// Hands a composed message over and returns the service's id for it.
    ///
    /// # Errors
    /// [`Error::NoReader`] when the address does not exist, [`Error::Refused`] when another try cannot help for another reason, [`Error::Unavailable`] when it can, [`Error::Unanswered`] when nobody
    /// knows whether the mail was taken.
    pub async fn send(
        &self,
        tags: Tags,
        from: &Mailbox,
        to: &Address,
        mime: Vec<u8>,
    ) -> Result<String, Error> {
        match self {
            Self::Ses(ses) => ses.send(tags, from, to, mime).await,
            Self::Smtp(smtp) => smtp.send(from, to, &mime).await,
            Self::Memory(memory) => memory.send(mime),
        }
    }
}

#[cfg(test)]
mod tests;
