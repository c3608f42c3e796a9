//! `POST /v1/auth/password/forgot`: a mail with a link to choose a new password, if the address is known.

use std::time::Duration;

use data::users;
use domain::{EmailType, RequestId};
use edge::{
    ApiError, Boxed,
    http::{Accepted, Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

use crate::{MailContext, mail};

/// When the answer is given, whatever there was to do: far longer than writing a mail takes, so that the time tells nothing
/// about the address.
const ANSWERED_AFTER: Duration = Duration::from_millis(600);

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    email: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "password-forgot",
        "POST /v1/auth/password/forgot",
        "Mails a link to choose a new password, if the address is known",
    )
    .for_anybody()
    .body::<Body>()
    .accepted::<Accepted>()
}

pub fn handle(ctx: &MailContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let answer_at = Instant::now() + ANSWERED_AFTER;
        let body: Body = request.json()?;
        let sent = send(ctx, &body.email.trim().to_ascii_lowercase(), request.id()).await;
        sleep_until(answer_at).await;
        // What went wrong with a mail is no answer either: it would tell that there was one.
        if let Err(error) = sent {
            tracing::error!(error = format!("{error:#}"), "no mail to set a new password");
        }
        Reply::accepted(&Accepted::default())
    })
}

async fn send(ctx: &MailContext, email: &str, request: &RequestId) -> anyhow::Result<()> {
    // No address has a NUL, and Postgres fails on one.
    if email.contains('\0') {
        return Ok(());
    }
    let account = users::find_account(&mut *ctx.database.service().await?, email).await?;
    // Whoever signs in at a provider may have no password yet; this is how to get one.
    let Some(account) = account.filter(|account| account.may_sign_in) else { return Ok(()) };
    let mut tenant = ctx.database.system(account.org_id).await?;
    let queued = mail::queue(&mut tenant, EmailType::PasswordReset, account.user_id, email, request).await?;
    tenant.commit().await?;
    ctx.emails.wake(&queued).await;
    Ok(())
}

#[cfg(test)]
mod tests;
