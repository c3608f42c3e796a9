//! An identity provider: where a browser is sent to, and what comes back.

use std::time::{Duration, Instant};

use chrono::Utc;
use reqwest::Url;
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::{
    Attempt, Error, Identity, Settings, id_token,
    keys::Keys,
    metadata::{Document, Metadata},
    settings::TENANT,
    transport::{Credential, Transport},
};

/// How long a discovery document is gone by.
const METADATA_KEPT_FOR: Duration = Duration::from_secs(3600);
/// Who somebody is, and nothing else.
const SCOPE: &str = "openid email profile";
/// No provider's are nearly as long.
const CODE_LEN_MAX: usize = 4096;

/// One provider. What it publishes is kept between requests.
pub struct Provider {
    settings: Settings,
    redirect_uri: String,
    transport: Transport,
    metadata: Mutex<Option<(Instant, Metadata)>>,
    keys: Keys,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl Provider {
    /// `redirect_uri` is where the provider sends browsers back to; one of its own, so that no other provider's answer comes
    /// there.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn new(settings: Settings, redirect_uri: String) -> Result<Self, Error> {
        settings.check()?;
        let transport = Transport::new()?;
        Ok(Self { settings, redirect_uri, transport, metadata: Mutex::default(), keys: Keys::default() })
    }

    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where the browser is sent.
    ///
    /// # Errors
    /// When the provider does not say where that is.
    pub async fn authorization_url(&self, attempt: &Attempt) -> Result<String, Error> {
        let mut url = self.metadata().await?.authorization_endpoint;
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", SCOPE),
            ("state", &attempt.state),
            ("nonce", &attempt.nonce),
            ("code_challenge", &attempt.challenge()),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url.into())
    }

    /// Who has come back with this code. `iss` is what stood beside it, if anything.
    ///
    /// # Errors
    /// When the provider does not vouch for anybody, or what comes back is not to be believed.
    pub async fn redeem(&self, code: &str, iss: Option<&str>, attempt: &Attempt) -> Result<Identity, Error> {
        let metadata = self.metadata().await?;
        if iss.is_some_and(|iss| !self.may_be(iss)) || (iss.is_none() && metadata.names_itself) {
            return Err(Error::Untrusted("the answer is of another issuer"));
        }
        if code.is_empty() || code.len() > CODE_LEN_MAX {
            return Err(Error::Refused);
        }
        let token = self.exchange(&metadata, code, &attempt.verifier).await?;
        let header = id_token::header(&token)?;
        let key =
            self.keys.find(&self.transport, &metadata.jwks_uri, header.kid.as_deref(), header.alg).await?;
        let identity = id_token::check(&token, &header, &key, &self.settings, &attempt.nonce, Utc::now())?;
        if iss.is_some_and(|iss| iss != identity.issuer) {
            return Err(Error::Untrusted("the answer is of another issuer"));
        }
        Ok(identity)
    }

    /// Whether this could be our issuer: exactly, but for the directory in Microsoft's.
    fn may_be(&self, iss: &str) -> bool {
        match self.settings.issuer.split_once(TENANT) {
            Some((before, after)) => iss.starts_with(before) && iss.ends_with(after),
            None => iss == self.settings.issuer,
        }
    }

    async fn exchange(&self, metadata: &Metadata, code: &str, verifier: &str) -> Result<String, Error> {
        let Settings { client_id, client_secret, .. } = &self.settings;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", verifier),
        ];
        let credential = match client_secret {
            Some(secret) if metadata.uses_basic => Credential::Basic(client_id, secret),
            secret => {
                form.push(("client_id", client_id));
                form.extend(secret.iter().map(|secret| ("client_secret", secret.expose_secret())));
                Credential::InBody
            }
        };
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let tokens: Tokens = self.transport.redeem(metadata.token_endpoint.clone(), form, credential).await?;
        Ok(tokens.id_token)
    }

    async fn metadata(&self) -> Result<Metadata, Error> {
        let mut kept = self.metadata.lock().await;
        if let Some((at, metadata)) = &*kept
            && at.elapsed() < METADATA_KEPT_FOR
        {
            return Ok(metadata.clone());
        }
        let address: Url = self.settings.discovery_address()?;
        let document: Document = self.transport.get(address).await?;
        let metadata = document.read(&self.settings)?;
        *kept = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests;
