//! `POST /v1/users/{id}/invitation`: the mail that invites, once more.

use data::{
    audit::Event,
    members::{self, Status},
};
use domain::{Action, UserId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Accepted, Reply, Request},
    openapi::Operation,
};

use crate::{MailContext, authority, invitation};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("users-reinvite", "POST /v1/users/{id}/invitation", "Mails an invitation once more")
        .needs(&[Permission::UsersManage])
        .refuses(409, "not_invited", "This user waits for no invitation.")
        .accepted::<Accepted>()
}

/// # Errors
/// 404 for somebody of another organisation, 409 for somebody who is not invited (any more).
pub fn handle(ctx: &MailContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UsersManage)?;
        let user: UserId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        members::lock(&mut tenant).await?;
        let caller = authority::of_caller(&mut tenant, &principal).await?;
        let member = authority::over(&mut tenant, &caller, user).await?;
        if member.status != Status::Invited {
            return Err(ApiError::conflict("not_invited", "This user waits for no invitation."));
        }
        let queued = invitation::queue(&mut tenant, &member, &caller, request.id()).await?;
        request.record(&mut tenant, Event::new(Action::UserInvited).about(user).with("again", true));
        tenant.commit().await?;
        ctx.emails.wake(&queued).await;
        Reply::accepted(&Accepted::default())
    })
}
