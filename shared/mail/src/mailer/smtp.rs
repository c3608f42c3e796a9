//! A mail server of one's own.

use std::error::Error as _;

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    address::{Address as SmtpAddress, Envelope},
    transport::smtp::Error as SmtpError,
};

use super::SEND_TIMEOUT;
use crate::{Address, Error, Mailbox, error::without_answer, reports::one_line};

/// Mails a second: what any server takes from one sender.
pub(super) const RATE: u32 = 10;

/// One SMTP server; a connection a mail.
#[derive(Clone)]
pub struct SmtpMailer(AsyncSmtpTransport<Tokio1Executor>);

impl std::fmt::Debug for SmtpMailer {
    /// Without its address, which has a password in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SmtpMailer")
    }
}

impl SmtpMailer {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        let is_encrypted = url.starts_with("smtps://") || url.contains("tls=required");
        let is_local = ["smtp://127.0.0.1:", "smtp://localhost:"].iter().any(|own| url.starts_with(own));
        if !is_encrypted && !is_local {
            return Err(Error::Service("smtps:// or ?tls=required is needed beyond this machine"));
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // The cause would quote the address, password included.
            .map_err(|_| Error::Service("it is no SMTP address"))?;
        Ok(Self(transport.timeout(Some(SEND_TIMEOUT)).build()))
    }

    pub(super) async fn send(&self, from: &Mailbox, to: &Address, mime: &[u8]) -> Result<String, Error> {
        let address = |address: &Address| address.as_str().parse::<SmtpAddress>().map_err(|_| Error::Address);
        let envelope = Envelope::new(Some(address(&from.address)?), vec![address(to)?])
            .map_err(|error| Error::Refused { source: Box::new(error) })?;
        match self.0.send_raw(&envelope, mime).await {
            Ok(response) => Ok(response.first_word().unwrap_or_default().to_owned()),
            Err(error) if error.is_permanent() => Err(refusal(error)),
            Err(error) if error.is_transient() => Err(Error::Unavailable { source: Box::new(error) }),
            Err(error) => Err(without_answer(error)),
        }
    }
}

/// Addresses that do not exist, or no longer (RFC 3463, 3.2; RFC 7505). Any other refusal is about us or about the mail, and the
/// next one may be taken.
const NO_READER: [&str; 5] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"];

fn refusal(error: SmtpError) -> Error {
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    match said.split_whitespace().next() {
        Some(code) if NO_READER.contains(&code) => Error::NoReader { said: one_line(&said) },
        _ => Error::Refused { source: Box::new(error) },
    }
}
