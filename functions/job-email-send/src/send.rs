//! SQS: mail queue.

use data::{
    SecretToken,
    emails::{self, Claim, ClaimedEmail, Delivery},
    user_tokens::{self, Purpose},
};
use domain::{AccountMail, EmailRequested, EmailType, OrgId};
use edge::sqs::{JobError, Message};
use mail::Additions;
use serde::Deserialize as _;

use crate::Context;

/// As often as the queue hands a message out before it moves it to the dead-letter queue.
const TRIES_MAX: u32 = 5;

/// What the mail service took.
struct Sent {
    subject: String,
    size_bytes: u64,
    message_id: String,
}

/// Sends one mail, once, and records what became of it.
///
/// # Errors
/// `Transient` while another try may help, `Permanent` when the mail is given up or unknown.
pub async fn handle(ctx: &Context, message: Message<EmailRequested>) -> Result<(), JobError> {
    let EmailRequested { org_id, email_id } = message.body;
    let mut tenant = ctx.db.system(org_id).await?;
    let email = match emails::claim(&mut tenant, email_id).await? {
        Claim::Taken(email) => email,
        // Whoever holds it has a message of its own, which comes back if it dies.
        Claim::Busy | Claim::Done => {
            tracing::info!(email.id = %email_id, "mail is sent by somebody else or done");
            return Ok(());
        }
        Claim::Missing => return Err(JobError::permanent(anyhow::anyhow!("mail {email_id} does not exist"))),
    };
    if let Some(request) = &email.request_id {
        tracing::Span::current().record("request.id", request);
    }
    let attempt = email.attempts + 1;
    match deliver(ctx, org_id, &email).await {
        Ok(sent) => {
            let delivery = Delivery {
                subject: &sent.subject,
                size_bytes: sent.size_bytes,
                message_id: &sent.message_id,
            };
            emails::mark_sent(&mut tenant, email_id, &delivery).await?;
            tenant.commit().await?;
            tracing::info!(
                email.id = %email_id,
                email.kind = email.kind.as_str(),
                email.attempts = attempt,
                size_bytes = sent.size_bytes,
                "mail sent"
            );
            Ok(())
        }
        Err(error) if error.is_permanent() || attempt >= TRIES_MAX => {
            emails::mark_failed(&mut tenant, email_id, &error.to_string()).await?;
            tenant.commit().await?;
            let given_up = anyhow::Error::new(error).context(format!("mail {email_id} is given up"));
            Err(JobError::Permanent(given_up))
        }
        Err(error) => {
            emails::mark_tried(&mut tenant, email_id, &error.to_string()).await?;
            tenant.commit().await?;
            Err(JobError::transient(error))
        }
    }
}

async fn deliver(ctx: &Context, org: OrgId, email: &ClaimedEmail) -> Result<Sent, Undelivered> {
    let to = email.recipient.parse()?;
    let token = match purpose(email.kind) {
        Some(purpose) => issue(ctx, org, email, purpose).await?.into_text(),
        None => String::new(),
    };
    let additions = Additions { token: &token, ..Additions::default() };
    let rendered = ctx.templates.render(email.kind, &email.payload, &additions)?;
    let mime =
        mail::compose(email.id, email.created_at, email.request_id.as_deref(), &ctx.from, &to, &rendered)?;
    let size_bytes = mime.len() as u64;
    let message_id = ctx.mailer.send(&ctx.from, &to, mime).await?;
    Ok(Sent { subject: rendered.subject, size_bytes, message_id })
}

/// What the token is good for that a mail of this kind carries.
fn purpose(kind: EmailType) -> Option<Purpose> {
    match kind {
        EmailType::EmailVerification => Some(Purpose::EmailVerification),
        EmailType::PasswordReset => Some(Purpose::PasswordReset),
        EmailType::Invitation => Some(Purpose::Invitation),
        EmailType::UploadCompleted
        | EmailType::UploadNeedsReview
        | EmailType::UploadRejected
        | EmailType::UploadDuplicate
        | EmailType::UploadFailed
        | EmailType::ReportReady
        | EmailType::ReportFailed
        | EmailType::ScheduleStopped => None,
    }
}

/// Makes the token of a mail, known before the mail is out: in a transaction of its own, because the one that holds the
/// mail ends after its sending. Nothing but the mail ever has its text.
async fn issue(
    ctx: &Context,
    org: OrgId,
    email: &ClaimedEmail,
    purpose: Purpose,
) -> Result<SecretToken, Undelivered> {
    let about = AccountMail::deserialize(&email.payload).map_err(|source| mail::Error::Payload { source })?;
    let mut tenant = ctx.db.system(org).await?;
    let token = user_tokens::issue(&mut tenant, about.user_id, purpose).await?.ok_or(Undelivered::Nobody)?;
    tenant.commit().await?;
    Ok(token)
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
enum Undelivered {
    #[error(transparent)]
    Mail(#[from] mail::Error),
    #[error("its token could not be stored")]
    Token(#[from] data::Error),
    #[error("its reader is disabled or gone")]
    Nobody,
}

impl Undelivered {
    fn is_permanent(&self) -> bool {
        match self {
            Self::Mail(error) => error.is_permanent(),
            Self::Token(_) => false,
            Self::Nobody => true,
        }
    }
}

#[cfg(test)]
mod tests;
