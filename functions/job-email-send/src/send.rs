//! SQS: mail queue.

use std::time::Duration;

use data::{
    Tenant,
    emails::{self, Claim, ClaimedEmail, Delivery},
    suppressions,
};
use domain::{EmailId, EmailRequested, SuppressionReason};
use edge::{
    Boxed,
    sqs::{JobError, Message},
};
use mail::Tags;

use crate::{
    Context,
    letter::{self, Letter, Plan, Undelivered},
    turn,
};

/// Tries at 0, 5 and 30 minutes; a mail that none of them brought away is given up.
const TRIES_MAX: u32 = 3;

/// How much longer than the first pause the second is.
const SECOND_PAUSE: u32 = 5;

/// Where nobody reports what became of a try, one that its worker did not survive is repeated at once. A mail that
/// kills its workers must end all the same.
const DEATHS_MAX: u32 = 6;

/// Sends one mail, once, and records what became of it.
///
/// # Errors
/// `Transient` when nothing could be recorded, `Permanent` when the mail is given up or unknown. A try that failed is
/// recorded with the time of the next one, for which `upload-sweep` wakes this function again.
pub fn handle(ctx: &Context, message: Message<EmailRequested>) -> Boxed<'_, Result<(), JobError>> {
    Box::pin(async move {
        let EmailRequested { org_id, email_id } = message.body;
        let mut tenant = ctx.db.system(org_id).await?;
        let email = match emails::claim(&mut tenant, email_id, !ctx.mailer.reports()).await? {
            Claim::Taken(email) => email,
            Claim::Busy | Claim::Done => {
                tracing::info!(email.id = %email_id, "mail is somebody else's, not due or done");
                return Ok(());
            }
            Claim::Missing => {
                return Err(JobError::permanent(anyhow::anyhow!("mail {email_id} does not exist")));
            }
        };
        if let Some(request) = &email.request_id {
            tracing::Span::current().record("request.id", request);
        }
        let most = if ctx.mailer.reports() { TRIES_MAX } else { DEATHS_MAX };
        if email.unanswered && email.attempts >= most {
            let unknown = anyhow::anyhow!("the mail service never said whether it took the mail");
            return give_up(tenant, email_id, unknown).await;
        }
        match letter::plan(ctx, &mut tenant, &email).await {
            Ok(Plan::Send(letter)) => {
                turn::wait(ctx).await?;
                send(ctx, tenant, &email, *letter).await
            }
            Ok(plan @ Plan::Keep { status, .. }) => {
                if let Some(outcome) = plan.outcome() {
                    emails::end(&mut tenant, email_id, &outcome).await?;
                }
                tenant.commit().await?;
                tracing::info!(email.id = %email_id, email.status = status.as_str(), "mail not sent");
                Ok(())
            }
            Err(error) => {
                emails::begin(&mut tenant, email_id, pause(ctx, &email)).await?;
                failed(tenant, &email, error).await
            }
        }
    })
}

/// One try: announced before it is made, so that a worker that dies on the way is noticed and its mail not sent again as
/// if nothing had been.
async fn send(
    ctx: &Context,
    mut tenant: Tenant,
    email: &ClaimedEmail,
    letter: Letter,
) -> Result<(), JobError> {
    let org = tenant.org();
    emails::begin(&mut tenant, email.id, pause(ctx, email)).await?;
    tenant.commit().await?;
    let mut tenant = ctx.db.system(org).await?;
    if !emails::hold(&mut tenant, email.id, email.attempts + 1).await? {
        tracing::info!(email.id = %email.id, "mail was taken over by somebody else");
        return Ok(());
    }
    let tags = Tags { org, email: email.id };
    let size_bytes = letter.mime.len() as u64;
    match ctx.mailer.send(tags, &ctx.from, &letter.to, letter.mime).await {
        Ok(message_id) => {
            let delivery = Delivery { subject: &letter.subject, size_bytes, message_id: &message_id };
            emails::mark_sent(&mut tenant, email.id, &delivery).await?;
            tenant.commit().await?;
            tracing::info!(
                email.id = %email.id,
                email.kind = email.kind.as_str(),
                email.attempts = email.attempts + 1,
                size_bytes,
                "mail sent"
            );
            Ok(())
        }
        Err(error @ mail::Error::Unanswered { .. }) if ctx.mailer.reports() => {
            // Its report will say, and until the next try there is time for it.
            emails::mark_unanswered(&mut tenant, email.id, &error.to_string()).await?;
            tenant.commit().await?;
            tracing::warn!(email.id = %email.id, "mail service did not answer");
            Ok(())
        }
        Err(error) => {
            if let mail::Error::NoReader { said } = &error {
                suppressions::add(&mut tenant, letter.to.as_str(), SuppressionReason::Bounce, Some(said))
                    .await?;
            }
            failed(tenant, email, error.into()).await
        }
    }
}

/// Records a try that failed, and whether it was the last.
async fn failed(mut tenant: Tenant, email: &ClaimedEmail, error: Undelivered) -> Result<(), JobError> {
    if error.is_permanent() || email.attempts + 1 >= TRIES_MAX {
        return give_up(tenant, email.id, error.into()).await;
    }
    emails::mark_tried(&mut tenant, email.id, &error.to_string()).await?;
    tenant.commit().await?;
    let error = format!("{:#}", anyhow::Error::new(error));
    tracing::warn!(email.id = %email.id, email.attempts = email.attempts + 1, error, "mail waits for its next try");
    Ok(())
}

/// An alarm counts these lines.
async fn give_up(mut tenant: Tenant, id: EmailId, error: anyhow::Error) -> Result<(), JobError> {
    emails::mark_failed(&mut tenant, id, &error.to_string()).await?;
    tenant.commit().await?;
    Err(JobError::Permanent(error.context(format!("mail {id} is given up"))))
}

fn pause(ctx: &Context, email: &ClaimedEmail) -> Duration {
    if email.attempts == 0 { ctx.retry } else { ctx.retry * SECOND_PAUSE }
}

#[cfg(test)]
mod tests;
