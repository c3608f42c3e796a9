//! Mails about an account: into the outbox with the change that causes them, and a message that wakes their sender.

use anyhow::Context as _;
use cloud::Queue;
use data::{Tenant, emails, organizations};
use domain::{AccountMail, EmailRequested, EmailType, UserId};

/// Writes the mail; `None` when there was one just now.
pub(crate) async fn queue(
    tenant: &mut Tenant,
    kind: EmailType,
    user: UserId,
    address: &str,
) -> anyhow::Result<Option<EmailRequested>> {
    let organization = organizations::find(tenant).await?.context("an organisation without a row")?;
    let mail = AccountMail { user_id: user, organization: organization.name, invited_by: None };
    Ok(emails::insert_account_mail(tenant, kind, address, &mail).await?)
}

/// Call it after the commit. The mail waits in the database: the sweep finds it when this wake-up is lost.
pub(crate) async fn wake(emails: &Queue, mail: Option<EmailRequested>) {
    let Some(mail) = mail else { return };
    if let Err(error) = emails.send(&mail).await {
        tracing::warn!(email.id = %mail.email_id, error = format!("{:#}", anyhow::anyhow!(error)), "wake-up not sent");
    }
}
