//! `POST /v1/auth/email/resend`: the mail that verifies the caller's address, once more.

use data::users;
use domain::EmailType;
use edge::{
    ApiError, Boxed,
    http::{Accepted, Reply, Request},
    openapi::Operation,
};

use crate::{MailContext, mail};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "address-resend",
        "POST /v1/auth/email/resend",
        "Mails the link that verifies the caller's address once more",
    )
    .for_people()
    .refuses(409, "already_verified", "This address is verified.")
    .accepted::<Accepted>()
}

pub fn handle(ctx: &MailContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        let user = users::find(&mut tenant, principal.user_id).await?.ok_or_else(ApiError::not_found)?;
        if user.email_verified {
            return Err(ApiError::conflict("already_verified", "This address is verified."));
        }
        let kind = EmailType::EmailVerification;
        let queued = mail::queue(&mut tenant, kind, principal.user_id, &user.email, request.id()).await?;
        tenant.commit().await?;
        ctx.emails.wake(&queued).await;
        Reply::accepted(&Accepted::default())
    })
}

#[cfg(test)]
mod tests;
