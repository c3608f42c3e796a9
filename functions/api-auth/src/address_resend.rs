//! `POST /v1/auth/email/resend`: the mail that verifies the caller's address, once more.

use data::users;
use domain::EmailType;
use edge::{
    ApiError,
    http::{Reply, Request},
};
use serde_json::json;

use crate::{MailContext, mail};

pub async fn handle(ctx: &MailContext, request: Request) -> Result<Reply, ApiError> {
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
    Reply::accepted(&json!({ "status": "accepted" }))
}

#[cfg(test)]
mod tests;
