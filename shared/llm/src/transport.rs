//! Sends requests so that nothing a service answers can hurt: a bounded body, no redirects, one retry, no echo.

use std::time::Duration;

use async_openai::middleware::HttpRequestFactory;
use reqwest::{Client, Request, Response, redirect};
use serde::Deserialize;
use tokio::time::sleep;

use crate::{Error, Usage};

/// Statuses of services that do not know what was asked for, not of calls that failed.
pub(crate) fn does_not_know(error: Error) -> bool {
    matches!(error, Error::Status(400 | 404 | 422))
}

/// A proposal or a plan fits in a tenth of it.
pub(crate) const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// Between a failure that may pass and the second and last try.
const PAUSE: Duration = Duration::from_millis(250);
const CONNECT_TIME: Duration = Duration::from_secs(3);

/// What is needed of a service's answer; services add fields of their own.
#[derive(Debug, Deserialize)]
pub(crate) struct Completion {
    pub(crate) choices: Vec<Choice>,
    #[serde(default)]
    pub(crate) usage: Option<Usage>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Choice {
    pub(crate) message: Message,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Message {
    #[serde(default)]
    pub(crate) content: Option<String>,
}

/// A redirect would carry the table, and perhaps the key, to another host; so would a proxy that somebody put into the
/// environment.
pub(crate) fn client() -> Result<Client, Error> {
    let client =
        Client::builder().redirect(redirect::Policy::none()).no_proxy().connect_timeout(CONNECT_TIME);
    client.build().map_err(|_| Error::Unreachable)
}

/// Sends a request of async-openai, which reads answers whole and logs what it cannot read: it only gets what is small and
/// readable.
pub(crate) async fn send(client: Client, request: HttpRequestFactory) -> Result<Response, Error> {
    let (client, request) = (&client, &request);
    let body = twice(move || attempt(client, request)).await?;
    serde_json::from_slice::<Completion>(&body).map_err(|_| Error::Unreadable)?;
    Ok(http::Response::new(body).into())
}

async fn attempt(client: &Client, request: &HttpRequestFactory) -> Result<Vec<u8>, Error> {
    let request = request.build().await.map_err(|_| Error::Unreachable)?;
    bounded(client, request, MAX_ANSWER_BYTES).await
}

/// Tries, and tries once more after a failure that may pass.
pub(crate) async fn twice<T, F>(attempt: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    match attempt().await {
        Err(error) if error.may_pass() => {
            sleep(PAUSE).await;
            attempt().await
        }
        outcome => outcome,
    }
}

/// One try: the body of a good answer of at most so many bytes.
pub(crate) async fn bounded(client: &Client, request: Request, most: usize) -> Result<Vec<u8>, Error> {
    let mut response = client.execute(request).await.map_err(|error| Error::of_transport(&error))?;
    let status = response.status();
    if !status.is_success() {
        return Err(Error::Status(status.as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Error::of_transport(&error))? {
        if body.len() + chunk.len() > most {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
