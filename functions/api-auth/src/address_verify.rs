//! `POST /v1/auth/email/verify`: the token of a mail shows that its reader owns the address.

use data::{user_tokens::Purpose, users};
use edge::{
    ApiError,
    http::{Reply, Request},
};
use serde::Deserialize;

use crate::{Context, mail};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    token: String,
}

pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let body: Body = request.json()?;
    let (mut tenant, user) = mail::take(&ctx.database, &body.token, Purpose::EmailVerification).await?;
    users::mark_email_verified(&mut tenant, user).await?;
    tenant.commit().await?;
    Ok(Reply::no_content())
}

#[cfg(test)]
mod tests;
