//! Access tokens as they are signed here; `edge::tokens` reads them.

use anyhow::Context as _;
use aws_lc_rs::hmac;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use domain::SessionId;
use edge::tokens::Kind;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};

/// PKCS #8 around a 32-byte Ed25519 seed.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// The secret tokens are signed with: `{"kid", "ed25519_seed", "mfa_key"}`, the last two 32 bytes in base64. Never printed.
#[derive(Deserialize)]
pub(crate) struct TokenSecret {
    pub(crate) kid: String,
    pub(crate) ed25519_seed: String,
    /// What second factors are sealed with. It is not rotated with the other one: secrets have to stay readable.
    pub(crate) mfa_key: String,
}

/// Signs access tokens.
pub(crate) struct Signer {
    kid: String,
    key: EncodingKey,
    csrf_key: hmac::Key,
}

/// What the key for tokens against forgery is derived for, from the key that is never rotated.
const CSRF_PURPOSE: &[u8] = b"shelfline csrf 1";

impl Signer {
    pub(crate) fn new(secret: &TokenSecret) -> anyhow::Result<Self> {
        let seed = STANDARD.decode(&secret.ed25519_seed).ok().filter(|seed| seed.len() == 32);
        let seed = seed.context("the token secret has no 32-byte seed in base64")?;
        let key = EncodingKey::from_ed_der(&[&PKCS8_PREFIX[..], &seed].concat());
        let lasting =
            STANDARD.decode(&secret.mfa_key).context("the token secret has no mfa_key in base64")?;
        let lasting = hmac::Key::new(hmac::HMAC_SHA256, &lasting);
        let csrf_key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&lasting, CSRF_PURPOSE).as_ref());
        Ok(Self { kid: secret.kid.clone(), key, csrf_key })
    }

    /// The token against forgery of a session: the same as long as it lives, so that no two tabs disagree.
    pub(crate) fn csrf_token(&self, session: SessionId) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.csrf_key, session.0.as_bytes()))
    }

    pub(crate) fn sign(&self, kind: Kind, claims: &impl Serialize) -> anyhow::Result<String> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(kind.header_type().into());
        header.kid = Some(self.kid.clone());
        Ok(encode(&header, claims, &self.key)?)
    }
}

#[cfg(test)]
mod tests;
