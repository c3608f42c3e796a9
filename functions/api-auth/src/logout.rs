//! `POST /v1/auth/logout`: ends the session of a refresh token; without one the session of the browser that calls, or all
//! sessions of a caller that is none.

use data::{SecretToken, audit::Event, sessions, users};
use domain::Action;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request, SetCookie, cookies},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::Context;

#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    refresh_token: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("auth-logout", "POST /v1/auth/logout", "Ends a session, or all of the caller")
        .for_people()
        .optional_body::<Body>()
        .no_content()
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let body: Body = if request.body().is_empty() { Body::default() } else { request.json()? };
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let by_cookie = request.session_id().filter(|_| request.is_by_cookie());
        match (body.refresh_token, by_cookie) {
            // A token that is not one of the caller's ends nothing, and is not told apart.
            (Some(text), _) => {
                if let Some(token) = SecretToken::read(&text) {
                    sessions::end_of_token(&mut tenant, principal.user_id, &token.hash()).await?;
                }
            }
            (None, Some(session)) => {
                sessions::end(&mut tenant, principal.user_id, session).await?;
            }
            (None, None) => {
                sessions::end_all(&mut tenant, principal.user_id, None).await?;
                users::raise_token_version(&mut tenant, principal.user_id).await?;
            }
        }
        request.record(&mut tenant, Event::new(Action::SignOut).about(principal.user_id));
        tenant.commit().await?;
        let reply = Reply::no_content();
        if by_cookie.is_none() {
            return Ok(reply);
        }
        let forgotten = [cookies::ACCESS, cookies::REFRESH, cookies::CSRF].map(SetCookie::forget);
        Ok(forgotten.iter().fold(reply, Reply::with_cookie))
    })
}

#[cfg(test)]
mod tests;
