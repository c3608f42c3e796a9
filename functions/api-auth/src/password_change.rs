//! `POST /v1/auth/password`: a new password for who knows the present one; ends all other sessions.

use data::{
    audit::Event,
    sessions,
    user_tokens::{self, Purpose},
    users,
};
use domain::Action;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{PasswordContext, passwords};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    current_password: String,
    new_password: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "password-change",
        "POST /v1/auth/password",
        "Changes the caller's password and ends all other sessions",
    )
    .for_people()
    .body::<Body>()
    .refuses(409, "password_changed", "The password was changed a moment ago.")
    .no_content()
}

pub fn handle(ctx: &PasswordContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let present = users::find_password(&mut tenant, principal.user_id).await?;
        let right = ctx.passwords.verify(&body.current_password, present.as_deref()).await?;
        let Some(present) = present.filter(|_| right) else {
            return Err(ApiError::field("/current_password", "wrong", "This is not the present password."));
        };
        if body.new_password == body.current_password {
            return Err(ApiError::field("/new_password", "unchanged", "This is the present password."));
        }
        passwords::check(&body.new_password, &principal.email)
            .map_err(|weakness| weakness.refuse("/new_password"))?;
        let hash = ctx.passwords.hash(&body.new_password).await?;
        // Another change may have come first: then the present password is no longer what it was.
        if !users::lock_login(&mut tenant, principal.user_id, &present).await? {
            return Err(ApiError::conflict("password_changed", "The password was changed a moment ago."));
        }
        users::set_password(&mut tenant, principal.user_id, &hash).await?;
        user_tokens::revoke(&mut tenant, principal.user_id, Purpose::PasswordReset).await?;
        sessions::end_all(&mut tenant, principal.user_id, request.session_id()).await?;
        request.record(&mut tenant, Event::new(Action::PasswordChanged).about(principal.user_id));
        tenant.commit().await?;
        tracing::info!(user.id = %principal.user_id, "password changed");
        Ok(Reply::no_content())
    })
}

#[cfg(test)]
mod tests;
