//! `POST /v1/auth/password/reset`: a new password for who has the token of a mail; ends all sessions.

use data::{audit::Event, sessions, user_tokens::Purpose, users};
use domain::Action;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{PasswordContext, mail, passwords, session};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    token: String,
    new_password: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "password-reset",
        "POST /v1/auth/password/reset",
        "Sets a new password with the token of a mail, and ends all sessions",
    )
    .for_anybody()
    .body::<Body>()
    .no_content()
    .refuses(401, "invalid_token", "The link is used up or too old; ask for a new one.")
}

pub fn handle(ctx: &PasswordContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let body: Body = request.json()?;
        let (mut tenant, user) = mail::take(&ctx.database, &body.token, Purpose::PasswordReset).await?;
        let row = users::find(&mut tenant, user).await?.ok_or_else(session::invalid_token)?;
        // A password that is not taken leaves the token as it was: nothing is committed.
        passwords::check(&body.new_password, &row.email)
            .map_err(|weakness| weakness.refuse("/new_password"))?;
        let hash = ctx.passwords.hash(&body.new_password).await?;
        users::set_password(&mut tenant, user, &hash).await?;
        users::mark_email_verified(&mut tenant, user).await?;
        users::raise_token_version(&mut tenant, user).await?;
        sessions::end_all(&mut tenant, user, None).await?;
        request.record(&mut tenant, Event::new(Action::PasswordReset).by_user(user).about(user));
        tenant.commit().await?;
        tracing::info!(user.id = %user, "password reset");
        Ok(Reply::no_content())
    })
}

#[cfg(test)]
mod tests;
