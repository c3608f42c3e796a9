//! A secret that somebody holds and that we know by its hash alone: refresh tokens and the tokens in mails.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::OrgId;
use sha2::{Digest as _, Sha256};
use sqlx::types::Uuid;

const ORG_BYTES: usize = 16;
const RANDOM_BYTES: usize = 32;

/// SHA-256 of a token: all that is stored.
pub type TokenHash = [u8; 32];

/// The organisation, so that it is looked up behind the wall, and 256 random bits. Never logged: it has no `Debug`.
pub struct SecretToken {
    org: OrgId,
    text: String,
}

impl SecretToken {
    /// One that nobody has seen.
    #[must_use]
    pub fn new(org: OrgId) -> Self {
        let random: [u8; RANDOM_BYTES] = rand::random();
        Self { org, text: URL_SAFE_NO_PAD.encode([&org.0.as_bytes()[..], &random].concat()) }
    }

    /// `None` for a text that no token of ours looks like.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes =
            URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() == ORG_BYTES + RANDOM_BYTES)?;
        let org = OrgId(Uuid::from_slice(bytes.get(..ORG_BYTES)?).ok()?);
        Some(Self { org, text: text.to_owned() })
    }

    /// Behind whose wall it is known.
    #[must_use]
    pub fn org(&self) -> OrgId {
        self.org
    }

    #[must_use]
    pub fn hash(&self) -> TokenHash {
        Sha256::digest(self.text.as_bytes()).into()
    }

    /// The text to hand out, once.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}
