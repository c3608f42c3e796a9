//! `POST /v1/auth/logout`: ends the session of a refresh token, or without one all sessions of the caller.

use data::{SecretToken, sessions, users};
use edge::{
    ApiError,
    http::{Reply, Request},
};
use serde::Deserialize;

use crate::Context;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    refresh_token: Option<String>,
}

pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.person()?;
    let body: Body = if request.body().is_empty() { Body::default() } else { request.json()? };
    let mut tenant = ctx.database.system(principal.org_id).await?;
    match body.refresh_token {
        // A token that is not one of the caller's ends nothing, and is not told apart.
        Some(text) => {
            if let Some(token) = SecretToken::read(&text) {
                sessions::end_of_token(&mut tenant, principal.user_id, &token.hash()).await?;
            }
        }
        None => {
            sessions::end_all(&mut tenant, principal.user_id, None).await?;
            users::raise_token_version(&mut tenant, principal.user_id).await?;
        }
    }
    tenant.commit().await?;
    Ok(Reply::no_content())
}

#[cfg(test)]
mod tests;
