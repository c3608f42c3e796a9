//! The mail that invites somebody.

use cloud::Queue;
use data::{Tenant, emails, members::Member, organizations};
use domain::{AccountMail, EmailRequested, EmailType};
use edge::ApiError;

/// Writes the mail; `None` when there was one just now.
pub(crate) async fn queue(
    tenant: &mut Tenant,
    invited: &Member,
    by: &Member,
) -> Result<Option<EmailRequested>, ApiError> {
    let organization = organizations::find(tenant).await?.ok_or_else(ApiError::not_found)?;
    let mail = AccountMail {
        user_id: invited.id,
        organization: organization.name,
        invited_by: Some(by.full_name.clone().unwrap_or_else(|| by.email.clone())),
    };
    Ok(emails::insert_account_mail(tenant, EmailType::Invitation, &invited.email, &mail).await?)
}

/// Call it after the commit. The mail waits in the database: the sweep finds it when this wake-up is lost.
pub(crate) async fn wake(emails: &Queue, mail: Option<EmailRequested>) {
    let Some(mail) = mail else { return };
    if let Err(error) = emails.send(&mail).await {
        tracing::warn!(email.id = %mail.email_id, error = format!("{:#}", anyhow::anyhow!(error)), "wake-up not sent");
    }
}
