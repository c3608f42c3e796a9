//! Signing in at an identity provider.

pub mod finish;
pub mod start;

use data::{
    Database, TokenHash,
    sign_in_attempts::{self, Linking, NewAttempt},
};
use edge::{
    ApiError,
    http::{Reply, Request, SetCookie, cookies},
};
use oidc::{Attempt, Provider};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::session::Delivery;

/// As long as the database keeps an attempt.
const LIFETIME_S: i64 = 600;

#[derive(Serialize, JsonSchema)]
pub(crate) struct View {
    /// Where the browser is to go.
    authorization_url: String,
    /// Seconds.
    expires_in: i64,
    /// To be kept by whoever has begun, and sent with the code; of a browser it is a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    binding: Option<String>,
}

/// Begins a sign-in, or the linking of an identity.
pub(crate) async fn begin(
    database: &Database,
    provider: &Provider,
    linking: Option<Linking>,
    request: &Request,
) -> Result<Reply, ApiError> {
    let delivery = Delivery::asked(request)?;
    let attempt = Attempt::new();
    let authorization_url =
        provider.authorization_url(&attempt).await.map_err(|error| refusal(provider, error))?;
    // As random as the state, and never sent to the provider: whoever sees addresses cannot finish.
    let binding = Attempt::new().state;
    let new = NewAttempt {
        state: &hash(&attempt.state),
        binding: &hash(&binding),
        provider: &provider.settings().id,
        nonce: &attempt.nonce,
        verifier: &attempt.verifier,
        linking,
    };
    sign_in_attempts::begin(&mut *database.service().await?, &new).await?;
    let view = |binding| View { authorization_url, expires_in: LIFETIME_S, binding };
    match delivery {
        Delivery::Body => Reply::ok(&view(Some(binding))),
        Delivery::Cookies => {
            let cookie = SetCookie::new(cookies::SIGN_IN, binding, LIFETIME_S);
            Ok(Reply::ok(&view(None))?.with_cookie(&cookie))
        }
    }
}

fn hash(text: &str) -> TokenHash {
    Sha256::digest(text.as_bytes()).into()
}

/// What a caller is told of an error at a provider: not what it was, for it may be an attacker's.
fn refusal(provider: &Provider, error: oidc::Error) -> ApiError {
    let id = &provider.settings().id;
    if error.is_refusal() {
        tracing::warn!(provider.id = id, error = %error, "sign-in refused");
        refused()
    } else {
        tracing::error!(provider.id = id, error = %error, "identity provider unavailable");
        ApiError::unavailable(
            "provider_unavailable",
            "The identity provider does not answer as it should; try again.",
        )
    }
}

/// One answer for a sign-in that is unknown, over, used, of another browser, or not vouched for.
fn refused() -> ApiError {
    ApiError::unauthorized("sign_in_refused", "This sign-in is not valid, or not any more; begin again.")
}

#[cfg(test)]
mod tests;
