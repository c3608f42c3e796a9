//! `POST /v1/auth/refresh`: a new pair of tokens for a refresh token, which is used up by that.

use data::{
    SecretToken,
    audit::Event,
    sessions::{self, NewToken, Rotation},
};
use domain::{Action, ActorKind, AuditOutcome};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request, cookies},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    SessionContext,
    session::{self, Delivery},
};

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    refresh_token: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "auth-refresh",
        "POST /v1/auth/refresh",
        "Exchanges a refresh token for a new pair of tokens",
    )
    .for_anybody()
    .optional_body::<Body>()
    .refuses(401, "invalid_refresh_token", "This refresh token is not valid; log in again.")
    .header(&session::HEADER)
    .refuses(400, "invalid_session", "X-Session is cookie or body.")
    .ok::<session::SessionView>()
}

pub fn handle(ctx: &SessionContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let body: Body = if request.body().is_empty() { Body::default() } else { request.json()? };
        let (text, delivery) = match (body.refresh_token, request.cookies().one(cookies::REFRESH)) {
            (Some(text), _) => (text, Delivery::asked(&request)?),
            // What came in a cookie goes back in one, whatever is asked for: no script gets hold of it.
            (None, Some(text)) => (text.to_owned(), Delivery::Cookies),
            (None, None) => {
                let detail = "refresh_token is required, here or in its cookie.";
                return Err(ApiError::field("/refresh_token", "required", detail));
            }
        };
        let old = SecretToken::read(&text).ok_or_else(invalid)?;
        let new = SecretToken::new(old.org());
        let mut tenant = ctx.database.system(old.org()).await?;
        let stored = NewToken { hash: &new.hash(), expires_at: session::refresh_expiry() };
        match sessions::rotate(&mut tenant, &old.hash(), stored, &session::client(&request)).await? {
            Rotation::Rotated { user_id, session_id } => {
                let opened =
                    session::deliver(&mut tenant, &ctx.signer, delivery, user_id, session_id, new).await?;
                let opened = opened.ok_or_else(invalid)?;
                tenant.commit().await?;
                opened.ok()
            }
            Rotation::Reused { user_id } => {
                tracing::warn!(user.id = %user_id, "a used refresh token came back; its session is ended");
                let event =
                    Event::new(Action::RefreshTokenReused).outcome(AuditOutcome::Denied).about(user_id);
                request.record(&mut tenant, event.by(ActorKind::Anonymous, None));
                // The revocation must stay although the request fails.
                tenant.commit().await?;
                Err(invalid())
            }
            Rotation::Unknown => Err(invalid()),
        }
    })
}

fn invalid() -> ApiError {
    ApiError::unauthorized("invalid_refresh_token", "This refresh token is not valid; log in again.")
}

#[cfg(test)]
mod tests;
