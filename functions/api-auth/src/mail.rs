//! Mails about an account: into the outbox with the change that causes them, and the tokens that come back from them.

use anyhow::Context as _;
use data::{
    Database, SecretToken, Tenant, emails, organizations,
    user_tokens::{self, Purpose},
};
use domain::{AccountMail, EmailRequested, EmailType, RequestId, UserId};
use edge::ApiError;

use crate::session;

/// Writes the mail; `None` when there was one just now.
pub(crate) async fn queue(
    tenant: &mut Tenant,
    kind: EmailType,
    user: UserId,
    address: &str,
    request: &RequestId,
) -> anyhow::Result<Option<EmailRequested>> {
    let organization = organizations::find(tenant).await?.context("an organisation without a row")?;
    let mail = AccountMail { user_id: user, organization: organization.name, invited_by: None };
    Ok(emails::insert_account_mail(tenant, kind, address, &mail, request).await?)
}

/// Takes the token of a mail: whose it is, and the transaction in which it is used up. It stays as it was unless that one is
/// committed.
///
/// # Errors
/// 401 `invalid_token`.
pub(crate) async fn take(
    database: &Database,
    text: &str,
    purpose: Purpose,
) -> Result<(Tenant, UserId), ApiError> {
    let token = SecretToken::read(text).ok_or_else(session::invalid_token)?;
    let mut tenant = database.system(token.org()).await?;
    let user = user_tokens::take(&mut tenant, &token.hash(), purpose).await?;
    Ok((tenant, user.ok_or_else(session::invalid_token)?))
}
