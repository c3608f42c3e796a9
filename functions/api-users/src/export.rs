//! `GET /v1/users/{id}/export`: everything that is kept about somebody, for that one or for who manages users.

use data::{audit::Event, personal_data};
use domain::{Action, UserId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::json_schema;

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "users-export",
        "GET /v1/users/{id}/export",
        "Exports everything that is kept about a user",
    )
    .for_people()
    .answer(200, "application/json", |_| json_schema!({"type": "object"}))
}

/// # Errors
/// 404 for somebody of another organisation, and for others when the caller does not manage users.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let user: UserId = request.path("id")?;
        // Who may not see somebody is not told that there is one.
        if user != principal.user_id && !principal.may(Permission::UsersManage) {
            return Err(ApiError::not_found());
        }
        // Not as the caller: who manages users need not see keys or uploads otherwise.
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let everything = personal_data::export(&mut tenant, user).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, Event::new(Action::UserExported).about(user));
        tenant.commit().await?;
        tracing::info!(user.id = %user, "personal data exported");
        let file = format!("attachment; filename=\"user-{user}.json\"");
        Ok(Reply::ok(&everything)?.with_header("content-disposition", file))
    })
}
