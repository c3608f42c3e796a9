//! Where a model answers, and what opens the door.

use async_openai::config::Config;
use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::Error;

/// An address and a key. Unlike async-openai's own configuration it never looks into the environment.
pub(crate) struct Endpoint {
    base: String,
    key: SecretString,
    headers: HeaderMap,
}

impl Endpoint {
    /// A key travels encrypted, or does not leave the machine.
    pub(crate) fn new(base: &str, key: Option<SecretString>) -> Result<Self, Error> {
        Self::opened_by(AUTHORIZATION, "Bearer ", base, key)
    }

    /// The same for a service that wants its key in another header.
    pub(crate) fn opened_by(
        header: HeaderName,
        before: &str,
        base: &str,
        key: Option<SecretString>,
    ) -> Result<Self, Error> {
        let url = Url::parse(base).map_err(|_| Error::Address)?;
        let host = url.host_str().ok_or(Error::Address)?;
        let is_local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        let is_safe = match url.scheme() {
            "https" => true,
            "http" => is_local || key.is_none(),
            _ => false,
        };
        let is_plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        if !is_safe || !is_plain {
            return Err(Error::Address);
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = &key {
            let value = format!("{before}{}", key.expose_secret());
            let mut value = HeaderValue::from_str(&value).map_err(|_| Error::Key)?;
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { base, key: key.unwrap_or_default(), headers })
    }
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_key(base: &str) -> Result<Endpoint, Error> {
        Endpoint::new(base, Some("sk-test".into()))
    }

    #[test]
    fn a_key_never_travels_in_clear() {
        assert_eq!(
            with_key("https://api.example.com/v1/").unwrap().url("/x"),
            "https://api.example.com/v1/x"
        );
        assert!(with_key("http://127.0.0.1:8000/v1").is_ok());
        assert!(with_key("http://[::1]:8000/v1").is_ok());
        assert!(Endpoint::new("http://model.internal:8000/v1", None).is_ok());
        for base in [
            "http://model.internal:8000/v1",
            "http://127.0.0.1.example.com/v1",
            "https://user:secret@api.example.com/v1",
            "https://api.example.com/v1?key=secret",
            "ftp://api.example.com",
            "api.example.com/v1",
            "",
        ] {
            assert_eq!(with_key(base).err(), Some(Error::Address), "{base}");
        }
        assert_eq!(Endpoint::new("https://api.example.com", Some("a\nb".into())).err(), Some(Error::Key));
    }
}
