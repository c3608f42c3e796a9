//! `POST /v1/auth/email/verify`: the token of a mail shows that its reader owns the address.

use data::{
    SecretToken,
    user_tokens::{self, Purpose},
    users,
};
use edge::{
    ApiError,
    http::{Reply, Request},
};
use serde::Deserialize;

use crate::{Context, session};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    token: String,
}

pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let body: Body = request.json()?;
    let token = SecretToken::read(&body.token).ok_or_else(session::invalid_token)?;
    let mut tenant = ctx.database.system(token.org()).await?;
    let user = user_tokens::take(&mut tenant, &token.hash(), Purpose::EmailVerification).await?;
    let user = user.ok_or_else(session::invalid_token)?;
    users::mark_email_verified(&mut tenant, user).await?;
    tenant.commit().await?;
    Ok(Reply::no_content())
}

#[cfg(test)]
mod tests;
