//! `POST /v1/auth/refresh`: a new pair of tokens for a refresh token, which is used up by that.

use data::{
    SecretToken,
    sessions::{self, NewToken, Rotation},
};
use edge::{
    ApiError,
    http::{Reply, Request},
};
use serde::Deserialize;

use crate::{SessionContext, session};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    refresh_token: String,
}

pub async fn handle(ctx: &SessionContext, request: Request) -> Result<Reply, ApiError> {
    let body: Body = request.json()?;
    let old = SecretToken::read(&body.refresh_token).ok_or_else(invalid)?;
    let new = SecretToken::new(old.org());
    let mut tenant = ctx.database.system(old.org()).await?;
    let stored = NewToken { hash: &new.hash(), expires_at: session::refresh_expiry() };
    match sessions::rotate(&mut tenant, &old.hash(), stored, &session::client(&request)).await? {
        Rotation::Rotated { user_id, session_id } => {
            let view = session::view(&mut tenant, &ctx.signer, user_id, session_id, new).await?;
            let view = view.ok_or_else(invalid)?;
            tenant.commit().await?;
            Reply::ok(&view)
        }
        Rotation::Reused { user_id } => {
            tracing::warn!(user.id = %user_id, "a used refresh token came back; its session is ended");
            // The revocation must stay although the request fails.
            tenant.commit().await?;
            Err(invalid())
        }
        Rotation::Unknown => Err(invalid()),
    }
}

fn invalid() -> ApiError {
    ApiError::unauthorized("invalid_refresh_token", "This refresh token is not valid; log in again.")
}

#[cfg(test)]
mod tests;
