//! `POST /v1/auth/email/verify`: the token of a mail shows that its reader owns the address.

use data::{audit::Event, user_tokens::Purpose, users};
use domain::Action;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, mail};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    token: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "address-verify",
        "POST /v1/auth/email/verify",
        "Verifies an address with the token of a mail",
    )
    .for_anybody()
    .body::<Body>()
    .no_content()
    .refuses(401, "invalid_token", "The link is used up or too old; ask for a new one.")
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let body: Body = request.json()?;
        let (mut tenant, user) = mail::take(&ctx.database, &body.token, Purpose::EmailVerification).await?;
        users::mark_email_verified(&mut tenant, user).await?;
        request.record(&mut tenant, Event::new(Action::EmailVerified).by_user(user).about(user));
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}

#[cfg(test)]
mod tests;
