//! Access tokens: EdDSA JWTs, signed by `api-auth` and read wherever it must be known who calls.

use chrono::{DateTime, Utc};
use data::{Service, signing_keys};
use domain::{OrgId, SessionId, UserId};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// How long an access token holds. Short, because a cached authorizer cannot take it back sooner.
pub const LIFETIME_S: i64 = 600;

pub const ISSUER: &str = "shelfline";

/// What a token is for. It stands in the header and among the claims: one of a kind is nothing where another is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// RFC 9068.
    Access,
    /// The half of a login that a second factor completes.
    Challenge,
}

impl Kind {
    #[must_use]
    pub fn header_type(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Challenge => "mfa+jwt",
        }
    }

    #[must_use]
    pub fn audience(self) -> &'static str {
        match self {
            Self::Access => "shelfline-api",
            Self::Challenge => "shelfline-mfa",
        }
    }
}

/// No token of ours is nearly as long; a longer text is refused before anything reads it.
const LEN_MAX: usize = 4096;

/// What a token says. `deny_unknown_fields`: nobody else issues tokens for us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: UserId,
    pub org: OrgId,
    /// The session it belongs to: it ends with it.
    pub sid: SessionId,
    /// At the time of issue, for clients that show it; what counts is the role of today.
    pub role: String,
    /// Version of the user's tokens; raising it ends all older ones.
    pub ver: i32,
    /// Of a token for a cookie: recognises the token against forgery of its session. One without it is good as a bearer
    /// alone, one with it in a cookie alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csrf: Option<String>,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
}

/// Whom a token is made for.
#[derive(Debug, Clone)]
pub struct Subject {
    pub org: OrgId,
    pub user: UserId,
    pub session: SessionId,
    pub role: String,
    pub version: i32,
}

impl Claims {
    #[must_use]
    pub fn new(subject: Subject, now: DateTime<Utc>) -> Self {
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

/// The claims of a token of ours that holds now, by the key it names.
///
/// # Errors
/// When the database fails.
pub async fn read<T: DeserializeOwned + Clone>(
    service: &mut Service,
    kind: Kind,
    token: &str,
) -> data::Result<Option<T>> {
    let Some(kid) = key_id(kind, token) else { return Ok(None) };
    let key = signing_keys::find(service, &kid).await?;
    Ok(key.and_then(|key| verify(kind, token, &key)))
}

/// The key a token claims to be signed with, if it could be one of ours at all.
#[must_use]
pub fn key_id(kind: Kind, token: &str) -> Option<String> {
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
#[must_use]
pub fn verify<T: DeserializeOwned + Clone>(kind: Kind, token: &str, public_key: &[u8; 32]) -> Option<T> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.leeway = 0;
    validation.validate_nbf = true;
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[kind.audience()]);
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    decode(token, &DecodingKey::from_ed_der(public_key), &validation).ok().map(|token| token.claims)
}
