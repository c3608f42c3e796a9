//! A provider's discovery document (OpenID Connect Discovery 1.0, RFC 8414).

use reqwest::Url;
use serde::Deserialize;

use crate::{Error, Settings};

/// As it comes; providers say much more.
#[derive(Debug, Deserialize)]
pub(crate) struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// What we go by.
#[derive(Debug, Clone)]
pub(crate) struct Metadata {
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    pub(crate) jwks_uri: Url,
    /// The secret travels in the header rather than among the parameters.
    pub(crate) uses_basic: bool,
    /// RFC 9207: an answer without `iss` is not of this provider.
    pub(crate) names_itself: bool,
}

impl Document {
    pub(crate) fn read(self, settings: &Settings) -> Result<Metadata, Error> {
        if self.issuer != settings.issuer {
            return Err(Error::Metadata("it is of another issuer"));
        }
        // Most do not say; one that says has to offer it.
        if self.code_challenge_methods_supported.is_some_and(|methods| !methods.iter().any(|m| m == "S256")) {
            return Err(Error::Metadata("it offers no PKCE with S256"));
        }
        let url = |text: &str| settings.address(text).ok_or(Error::Metadata("an address is not safe"));
        // Without the member it is the header (Discovery, 3).
        let methods = self.token_endpoint_auth_methods_supported;
        let uses_basic = methods.is_none_or(|methods| !methods.iter().any(|m| m == "client_secret_post"));
        Ok(Metadata {
            authorization_endpoint: url(&self.authorization_endpoint)?,
            token_endpoint: url(&self.token_endpoint)?,
            jwks_uri: url(&self.jwks_uri)?,
            uses_basic,
            names_itself: self.authorization_response_iss_parameter_supported,
        })
    }
}
