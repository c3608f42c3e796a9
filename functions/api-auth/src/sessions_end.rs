//! `DELETE /v1/sessions/{id}`: signs the caller out there, or somebody else whose user the caller manages.

use data::{audit::Event, sessions};
use domain::{Action, SessionId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "sessions-end",
        "DELETE /v1/sessions/{id}",
        "Signs the caller, or a user the caller manages, out somewhere",
    )
    .for_people()
    .no_content()
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let session: SessionId = request.path("id")?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let user = sessions::find_user(&mut tenant, session).await?.ok_or_else(ApiError::not_found)?;
        // Who may not end it is not told that it exists.
        if user != principal.user_id && request.require(Permission::UsersManage).is_err() {
            return Err(ApiError::not_found());
        }
        if !sessions::end(&mut tenant, user, session).await? {
            return Err(ApiError::not_found());
        }
        request.record(
            &mut tenant,
            Event::new(Action::SessionEnded).about(user).with("session", session.to_string()),
        );
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}

#[cfg(test)]
mod tests;
