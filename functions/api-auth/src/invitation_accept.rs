//! `POST /v1/auth/invitations/accept`: an invited user comes, chooses a password and is signed in.

use data::{members, user_tokens::Purpose, users};
use domain::is_name;
use edge::{
    ApiError, Boxed, FieldError,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{SessionContext, mail, passwords, session};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    token: String,
    password: String,
    full_name: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "invitation-accept",
        "POST /v1/auth/invitations/accept",
        "Accepts an invitation with a password, and signs in",
    )
    .for_anybody()
    .body::<Body>()
    .header(&session::HEADER)
    .refuses(400, "invalid_session", "X-Session is cookie or body.")
    .ok::<session::SessionView>()
    .refuses(401, "invalid_token", "The link is used up or too old; ask for a new one.")
}

pub fn handle(ctx: &SessionContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let body: Body = request.json()?;
        let full_name = body.full_name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let (mut tenant, user) = mail::take(&ctx.database, &body.token, Purpose::Invitation).await?;
        let row = users::find(&mut tenant, user).await?.ok_or_else(session::invalid_token)?;
        // What is not taken leaves the token as it was: nothing is committed.
        let mut fields = Vec::new();
        if let Err(weakness) = passwords::check(&body.password, &row.email) {
            fields.push(FieldError::new("/password", weakness.code(), weakness.message()));
        }
        if full_name.as_deref().is_some_and(|name| !is_name(name)) {
            fields.push(FieldError::new(
                "/full_name",
                "invalid",
                "A name has 1 to 200 printable characters.",
            ));
        }
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let hash = ctx.passwords.hash(&body.password).await?;
        if !members::join(&mut tenant, user, Some(&hash), full_name.as_deref()).await? {
            return Err(session::invalid_token());
        }
        let opened = session::open(&mut tenant, &ctx.signer, user, &request).await?;
        let opened = opened.ok_or_else(session::invalid_token)?;
        tenant.commit().await?;
        tracing::info!(user.id = %user, "invitation accepted");
        opened.ok()
    })
}

#[cfg(test)]
mod tests;
