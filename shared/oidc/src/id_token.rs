//! Checks an ID token (OpenID Connect Core 1.0, 3.1.3.7): the whole of what is believed about a person.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};
use serde::Deserialize;
use uuid::Uuid;

use crate::{Error, Settings, keys::Key, settings::TENANT};

/// Signatures that are believed. No `none`, and nothing that a public key could be the secret of.
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
/// No provider's are nearly as long.
const LEN_MAX: usize = 16 * 1024;
/// How far the provider's clock may be from ours.
const LEEWAY_S: u64 = 60;
/// A token is redeemed right after it was made.
const AGE_MAX_S: i64 = 600;
/// Core, 2.
const SUBJECT_LEN_MAX: usize = 255;
const EMAIL_LEN_MAX: usize = 320;

/// Who somebody is, by a provider's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    /// Lower case. Not theirs for sure unless it is verified.
    pub email: Option<String>,
    pub email_is_verified: bool,
    pub name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    iat: i64,
    nonce: Option<String>,
    /// Microsoft's: the directory.
    tid: Option<String>,
    email: Option<String>,
    email_verified: Option<Flag>,
    name: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Some providers write it as a text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Flag {
    Bool(bool),
    Text(String),
}

/// The header of a token that could be believed at all.
pub(crate) fn header(token: &str) -> Result<Header, Error> {
    if token.len() > LEN_MAX {
        return Err(Error::Untrusted("it is too long"));
    }
    let header = decode_header(token).map_err(|_| Error::Untrusted("its header cannot be read"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Error::Untrusted("it is signed in a way that is not believed"));
    }
    let is_jwt = header.typ.as_deref().is_none_or(|typed| typed.eq_ignore_ascii_case("jwt"));
    if !is_jwt || header.crit.is_some() || header.cty.is_some() {
        return Err(Error::Untrusted("it is no plain ID token"));
    }
    Ok(header)
}

/// The identity that a token states for this sign-in, if all of it is as it should be.
pub(crate) fn check(
    token: &str,
    header: &Header,
    key: &Key,
    settings: &Settings,
    nonce: &str,
    now: DateTime<Utc>,
) -> Result<Identity, Error> {
    let mut validation = Validation::new(header.alg);
    validation.leeway = LEEWAY_S;
    validation.validate_nbf = true;
    validation.set_audience(&[&settings.client_id]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let claims = decode::<Claims>(token, &key.decoding()?, &validation)
        .map_err(|_| Error::Untrusted("its signature, times or audience are wrong"))?
        .claims;
    let issuer = issuer(&claims, settings)?;
    if key
        .issuer
        .as_ref()
        .is_some_and(|of| of.replace(TENANT, claims.tid.as_deref().unwrap_or_default()) != issuer)
    {
        return Err(Error::Untrusted("its key signs for another issuer"));
    }
    let only_for_us = match &claims.aud {
        Audience::One(audience) => *audience == settings.client_id,
        Audience::Several(all) => all.iter().all(|audience| *audience == settings.client_id),
    };
    if !only_for_us || claims.azp.as_ref().is_some_and(|party| *party != settings.client_id) {
        return Err(Error::Untrusted("it is for somebody else as well"));
    }
    let age = now.timestamp().saturating_sub(claims.iat);
    if age > AGE_MAX_S || age < -LEEWAY_S.cast_signed() {
        return Err(Error::Untrusted("it was not made just now"));
    }
    if claims.nonce.as_deref() != Some(nonce) {
        return Err(Error::Untrusted("it was made for another sign-in"));
    }
    let is_subject = !claims.sub.is_empty() && claims.sub.len() <= SUBJECT_LEN_MAX;
    if !is_subject || claims.sub.chars().any(char::is_control) {
        return Err(Error::Untrusted("its subject is none"));
    }
    Ok(identity(claims, issuer, settings))
}

/// The issuer of the token, if it is the configured one, with the person's directory in place of Microsoft's placeholder.
fn issuer(claims: &Claims, settings: &Settings) -> Result<String, Error> {
    let wrong = Error::Untrusted("it is of another issuer");
    let expected = if settings.issuer.contains(TENANT) {
        let tenant = claims.tid.as_deref().filter(|tenant| Uuid::parse_str(tenant).is_ok()).ok_or(wrong)?;
        if !settings.tenants.is_empty() && !settings.tenants.iter().any(|allowed| allowed == tenant) {
            return Err(Error::Untrusted("it is of a directory that is not welcome"));
        }
        settings.issuer.replace(TENANT, tenant)
    } else {
        settings.issuer.clone()
    };
    if claims.iss == expected { Ok(expected) } else { Err(wrong) }
}

fn identity(claims: Claims, issuer: String, settings: &Settings) -> Identity {
    let plain = |text: &String, max: usize| {
        !text.is_empty() && text.chars().count() <= max && !text.chars().any(char::is_control)
    };
    let email = claims.email.map(|email| email.trim().to_ascii_lowercase());
    let email = email.filter(|email| plain(email, EMAIL_LEN_MAX));
    let said = match claims.email_verified {
        Some(Flag::Bool(verified)) => verified,
        Some(Flag::Text(text)) => text == "true",
        None => settings.trusts_email,
    };
    let name = claims.name.map(|name| name.trim().to_owned()).filter(|name| plain(name, 200));
    Identity { issuer, subject: claims.sub, email_is_verified: said && email.is_some(), email, name }
}
