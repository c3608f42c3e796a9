//! `DELETE /v1/users/{id}`: removes somebody; what was done keeps its author.

use data::{audit::Event, members};
use domain::{Action, UserId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::{Context, authority};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("users-remove", "DELETE /v1/users/{id}", "Removes a user; what was done keeps its author")
        .needs(&[Permission::UsersManage])
        .refuses(409, "own_account", "Nobody does this to their own account.")
        .refuses(409, "last_owner", "An organisation keeps an owner.")
        .no_content()
}

/// # Errors
/// 404, 403 beyond the caller's own role, 409 for the last owner and for oneself.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let user: UserId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        members::lock(&mut tenant).await?;
        let caller = authority::of_caller(&mut tenant, &principal).await?;
        authority::removable(&mut tenant, &caller, user).await?;
        members::remove(&mut tenant, user).await?;
        request.record(&mut tenant, Event::new(Action::UserRemoved).about(user));
        tenant.commit().await?;
        tracing::info!(user.id = %user, "user removed");
        Ok(Reply::no_content())
    })
}
