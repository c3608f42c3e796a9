//! `DELETE /v1/users/{id}/mfa`: for somebody who has lost phone and recovery codes. Signs them out everywhere.

use data::{audit::Event, members, mfa, sessions};
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
        "users-mfa-remove",
        "DELETE /v1/users/{id}/mfa",
        "Removes the second factor of a user who has lost it",
    )
    .details("Signs them out everywhere.")
    .needs(&[Permission::UsersManage])
    .refuses(409, "mfa_not_enabled", "This user has no second factor.")
    .refuses(409, "own_account", "Nobody does this to their own account.")
    .refuses(409, "last_owner", "An organisation keeps an owner.")
    .no_content()
}

/// # Errors
/// 404, 403 beyond the caller's own role, 409 for oneself (who gives both factors instead) and without a second factor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let user: UserId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        members::lock(&mut tenant).await?;
        let caller = authority::of_caller(&mut tenant, &principal).await?;
        authority::over(&mut tenant, &caller, user).await?;
        authority::not_self(&caller, user)?;
        if !mfa::is_on(&mut tenant, user).await? {
            return Err(ApiError::conflict("mfa_not_enabled", "This user has no second factor."));
        }
        mfa::remove(&mut tenant, user).await?;
        sessions::end_all(&mut tenant, user, None).await?;
        request.record(&mut tenant, Event::new(Action::MfaDisabled).about(user));
        tenant.commit().await?;
        tracing::info!(user.id = %user, "second factor taken away");
        Ok(Reply::no_content())
    })
}
