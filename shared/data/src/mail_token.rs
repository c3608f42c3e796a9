//! What links in mails prove: that we wrote them, and about which mail. Nothing is stored and nobody is named in them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{EmailId, OrgId};
use sqlx::types::Uuid;

use crate::{Database, Result};

/// What a link is good for. A token of one purpose is nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailLink {
    /// To get no more mails of this kind.
    Unsubscribe,
    /// To download the file that was too large for the mail.
    File,
}

const ID_BYTES: usize = 16;

impl MailLink {
    fn as_str(self) -> &'static str {
        match self {
            Self::Unsubscribe => "unsubscribe",
            Self::File => "file",
        }
    }
}

impl Database {
    /// The token of a link in this mail; the same each time, so that a mail that is sent again is the same mail.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn mail_token(&self, link: MailLink, org: OrgId, email: EmailId) -> Result<String> {
        let named = [*org.0.as_bytes(), *email.0.as_bytes()].concat();
        let seal = self.wall_key().seal(link.as_str(), &named)?;
        Ok(URL_SAFE_NO_PAD.encode([&named[..], &seal].concat()))
    }

    /// Of which mail this is a token; `None` for what we did not write.
    #[must_use]
    pub fn read_mail_token(&self, link: MailLink, token: &str) -> Option<(OrgId, EmailId)> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (named, seal) = bytes.split_at_checked(2 * ID_BYTES)?;
        if !self.wall_key().is_seal(link.as_str(), named, seal) {
            return None;
        }
        let (org, email) = named.split_at_checked(ID_BYTES)?;
        Some((OrgId(Uuid::from_slice(org).ok()?), EmailId(Uuid::from_slice(email).ok()?)))
    }
}
