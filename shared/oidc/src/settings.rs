//! One identity provider of an installation.

use reqwest::Url;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use crate::Error;

/// Where the directory of somebody stands in Microsoft's issuers.
pub(crate) const TENANT: &str = "{tenantid}";

/// As it stands in the installation's secret. Never printed but without the secret.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Part of addresses: lower-case letters, digits and hyphens.
    pub id: String,
    /// For people.
    pub name: String,
    /// Exactly as the provider writes it.
    pub issuer: String,
    /// Address of the discovery document, where it is not below the issuer.
    pub discovery: Option<String>,
    pub client_id: String,
    /// None for a public client, which PKCE alone protects.
    #[serde(default, deserialize_with = "secret")]
    pub client_secret: Option<SecretString>,
    /// Of an issuer with `{tenantid}`: directories whose people may come; empty: all.
    #[serde(default)]
    pub tenants: Vec<String>,
    /// Domains whose addresses may come; empty: all.
    #[serde(default)]
    pub email_domains: Vec<String>,
    /// Takes the provider's addresses as verified although it does not say so. Only where nobody else can give them out, as
    /// in a directory of one company.
    #[serde(default)]
    pub trusts_email: bool,
}

impl Settings {
    /// # Errors
    /// Says what cannot be used.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(is_id) {
            return Err(Error::Settings("id"));
        }
        if self.client_id.is_empty() {
            return Err(Error::Settings("client_id"));
        }
        if !self.tenants.is_empty() && !self.issuer.contains(TENANT) {
            return Err(Error::Settings("tenants without {tenantid} in the issuer"));
        }
        if self.issuer.contains(TENANT) && self.discovery.is_none() {
            return Err(Error::Settings("{tenantid} without the address of the discovery document"));
        }
        self.address(&self.issuer.replace(TENANT, "tenant")).ok_or(Error::Settings("issuer"))?;
        self.discovery_address()?;
        Ok(())
    }

    pub(crate) fn discovery_address(&self) -> Result<Url, Error> {
        let below = || format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let text = self.discovery.clone().unwrap_or_else(below);
        self.address(&text).ok_or(Error::Settings("discovery"))
    }

    /// An address of this provider. Without TLS only on this machine, and only if the issuer is there as well.
    pub(crate) fn address(&self, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok()?;
        let issuer_is_local = Url::parse(&self.issuer).is_ok_and(|issuer| is_local(&issuer));
        let is_safe = match url.scheme() {
            "https" => true,
            "http" => is_local(&url) && issuer_is_local,
            _ => false,
        };
        let is_plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        (is_safe && is_plain).then_some(url)
    }
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SecretString>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.map(SecretString::from))
}

fn is_local(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn check(changes: &Value) -> Result<(), Error> {
        let mut settings = json!({
            "id": "google", "name": "Google", "issuer": "https://accounts.google.com", "client_id": "c",
            "client_secret": "hunter2",
        });
        settings.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        serde_json::from_value::<Settings>(settings).unwrap().check()
    }

    #[test]
    fn an_issuer_is_known_by_tls_or_runs_on_this_machine() {
        for issuer in
            ["https://accounts.google.com", "https://idp.example/realms/a/", "http://127.0.0.1:9400"]
        {
            assert_eq!(check(&json!({ "issuer": issuer })), Ok(()), "{issuer}");
        }
        for issuer in [
            "",
            "accounts.google.com",
            "http://accounts.google.com",
            "http://127.0.0.1.example.com",
            "ftp://accounts.google.com",
            "https://user:secret@accounts.google.com",
            "https://accounts.google.com/#x",
        ] {
            assert_eq!(check(&json!({ "issuer": issuer })), Err(Error::Settings("issuer")), "{issuer}");
        }
        let elsewhere = json!({ "discovery": "http://127.0.0.1:9400/.well-known/openid-configuration" });
        assert_eq!(
            check(&elsewhere),
            Err(Error::Settings("discovery")),
            "a local one of an issuer that is not"
        );
    }

    #[test]
    fn ids_are_part_of_addresses_and_a_placeholder_needs_to_be_told_where_to_look() {
        for id in ["", "Google", "a/b", "a b", "\u{e9}"] {
            assert_eq!(check(&json!({ "id": id })), Err(Error::Settings("id")), "{id}");
        }
        let microsoft = "https://login.microsoftonline.com/{tenantid}/v2.0";
        assert!(check(&json!({ "issuer": microsoft })).is_err());
        let discovery =
            "https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration";
        assert_eq!(check(&json!({ "issuer": microsoft, "discovery": discovery, "tenants": ["t"] })), Ok(()));
        assert!(check(&json!({ "tenants": ["t"] })).is_err());
    }

    #[test]
    fn the_secret_is_not_printed() {
        let settings =
            json!({ "id": "i", "name": "n", "issuer": "i", "client_id": "c", "client_secret": "hunter2" });
        let settings: Settings = serde_json::from_value(settings).unwrap();
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
