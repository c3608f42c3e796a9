//! `POST /v1/auth/email/verify`: the token of a mail shows that its reader owns the address.

use data::{audit::Event, user_tokens::Purpose, users};
use domain::Action;
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
    request.record(&mut tenant, Event::new(Action::EmailVerified).by_user(user).about(user));
    tenant.commit().await?;
    Ok(Reply::no_content())
}

#[cfg(test)]
mod tests;
