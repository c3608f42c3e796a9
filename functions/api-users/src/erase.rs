//! `POST /v1/users/{id}/erase`: takes everything about a person away; what was done keeps an id without one.

use data::{audit::Event, members, personal_data};
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
    Operation::new(
        "users-erase",
        "POST /v1/users/{id}/erase",
        "Erases everything about a person; what was done keeps an id without one",
    )
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
        // Who was removed before, or whose erasure broke off, has nothing left to protect from the caller.
        if !personal_data::is_removed(&mut tenant, user).await? {
            authority::removable(&mut tenant, &caller, user).await?;
            personal_data::erase_mails(&mut tenant, user).await?;
            let mut system = ctx.database.system(principal.org_id).await?;
            personal_data::erase_recipients(&mut system, user).await?;
            system.commit().await?;
            members::remove(&mut tenant, user).await?;
        }
        tenant.commit().await?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        personal_data::erase_traces(&mut tenant, user).await?;
        request.record(&mut tenant, Event::new(Action::UserErased).about(user));
        tenant.commit().await?;
        tracing::info!(user.id = %user, "user erased");
        Ok(Reply::no_content())
    })
}
