//! Access tokens: EdDSA JWTs, signed here and checked by `auth-authorizer`.

use anyhow::Context as _;
use aws_lc_rs::hmac;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, Utc};
use data::{Service, signing_keys};
use domain::{OrgId, SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How long an access token holds. Short, because a cached authorizer cannot take it back sooner.
pub(crate) const LIFETIME_S: i64 = 600;

pub(crate) const ISSUER: &str = "shelfline";

/// What a token is for. It stands in the header and among the claims: one of a kind is nothing where another is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// RFC 9068.
    Access,
    /// The half of a login that a second factor completes.
    Challenge,
}

impl Kind {
    fn header_type(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Challenge => "mfa+jwt",
        }
    }

    pub(crate) fn audience(self) -> &'static str {
        match self {
            Self::Access => "shelfline-api",
            Self::Challenge => "shelfline-mfa",
        }
    }
}

/// No token of ours is nearly as long; a longer text is refused before anything reads it.
const LEN_MAX: usize = 4096;

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

/// What a token says. `deny_unknown_fields`: nobody else issues tokens for us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) sub: UserId,
    pub(crate) org: OrgId,
    /// The session it belongs to: it ends with it.
    pub(crate) sid: SessionId,
    /// At the time of issue, for clients that show it; what counts is the role of today.
    pub(crate) role: String,
    /// Version of the user's tokens; raising it ends all older ones.
    pub(crate) ver: i32,
    /// Of a token for a cookie: recognises the token against forgery of its session. One without it is good as a bearer
    /// alone, one with it in a cookie alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) csrf: Option<String>,
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
}

/// Whom a token is made for.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) org: OrgId,
    pub(crate) user: UserId,
    pub(crate) session: SessionId,
    pub(crate) role: String,
    pub(crate) version: i32,
}

impl Claims {
    pub(crate) fn new(subject: Subject, now: DateTime<Utc>) -> Self {
        let now = now.timestamp();
        Self {
            iss: ISSUER.into(),
            aud: Kind::Access.audience().into(),
            sub: subject.user,
            org: subject.org,
            sid: subject.session,
            role: subject.role,
            ver: subject.version,
            csrf: None,
            iat: now,
            nbf: now,
            exp: now + LIFETIME_S,
        }
    }
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

/// The claims of a token of ours that holds now, by the key it names.
pub(crate) async fn read<T: DeserializeOwned + Clone>(
    service: &mut Service,
    kind: Kind,
    token: &str,
) -> anyhow::Result<Option<T>> {
    let Some(kid) = key_id(kind, token) else { return Ok(None) };
    let key = signing_keys::find(service, &kid).await?;
    Ok(key.and_then(|key| verify(kind, token, &key)))
}

/// The key a token claims to be signed with, if it could be one of ours at all.
fn key_id(kind: Kind, token: &str) -> Option<String> {
    if token.len() > LEN_MAX {
        return None;
    }
    let header = decode_header(token).ok()?;
    let typed = header.typ.as_deref() == Some(kind.header_type());
    let ours = header.alg == Algorithm::EdDSA && typed && header.crit.is_none() && header.cty.is_none();
    // No key has a NUL in its id, and Postgres fails on one.
    header.kid.filter(|kid| ours && !kid.contains('\0'))
}

/// The claims, if signature, algorithm, issuer, audience and times are right. No leeway: we issue and check with
/// the same clock.
fn verify<T: DeserializeOwned + Clone>(kind: Kind, token: &str, public_key: &[u8; 32]) -> Option<T> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = 0;
    validation.validate_nbf = true;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[kind.audience()]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    decode(token, &DecodingKey::from_ed_der(public_key), &validation).ok().map(|token| token.claims)
}

#[cfg(test)]
mod tests;
