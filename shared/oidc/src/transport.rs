//! Asks a provider so that nothing it answers can hurt: a bounded body, a bounded time, no redirects, no proxy.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Url, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, de::DeserializeOwned};

use crate::Error;

/// Microsoft's keys for all directories take a tenth of it.
const ANSWER_BYTES_MAX: usize = 256 * 1024;
const CONNECT_TIME: Duration = Duration::from_secs(3);
/// Of one request; a sign-in makes three at most.
const TIME: Duration = Duration::from_secs(8);

/// How a client says who it is.
pub(crate) enum Credential<'a> {
    /// In the header, both parts form-encoded (RFC 6749, 2.3.1).
    Basic(&'a str, &'a SecretString),
    /// Among the parameters, or not at all.
    InBody,
}

pub(crate) struct Transport(Client);

impl Transport {
    pub(crate) fn new() -> Result<Self, Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIME)
            .timeout(TIME);
        client.build().map(Self).map_err(|_| Error::Unreachable)
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, url: Url) -> Result<T, Error> {
        let (status, body) = send(self.0.get(url)).await?;
        if status != 200 {
            return Err(Error::Status(status));
        }
        serde_json::from_slice(&body).map_err(|_| Error::Unreadable)
    }

    /// Sends a form to the token endpoint.
    ///
    /// # Errors
    /// `Refused` when the provider does not take what was sent as grant.
    pub(crate) async fn redeem<T: DeserializeOwned>(
        &self,
        url: Url,
        form: String,
        credential: Credential<'_>,
    ) -> Result<T, Error> {
        let request = self.0.post(url).header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("accept", "application/json").body(form);
        let request = match credential {
            Credential::Basic(id, secret) => {
                request.basic_auth(encoded(id), Some(encoded(secret.expose_secret())))
            }
            Credential::InBody => request,
        };
        let (status, body) = send(request).await?;
        if status == 200 {
            return serde_json::from_slice(&body).map_err(|_| Error::Unreadable);
        }
        #[derive(Deserialize)]
        struct Problem {
            error: String,
        }
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) if problem.error == "invalid_grant" => Err(Error::Refused),
            _ => Err(Error::Status(status)),
        }
    }
}

async fn send(request: RequestBuilder) -> Result<(u16, Vec<u8>), Error> {
    let mut response = request.send().await.map_err(|_| Error::Unreachable)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Error::Unreachable)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Error::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok((response.status().as_u16(), body))
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
