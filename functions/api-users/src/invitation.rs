//! The mail that invites somebody.

use data::{Tenant, emails, members::Member, organizations};
use domain::{AccountMail, EmailRequested, EmailType, RequestId};
use edge::ApiError;

/// Writes the mail; `None` when there was one just now.
pub(crate) async fn queue(
    tenant: &mut Tenant,
    invited: &Member,
    by: &Member,
    request: &RequestId,
) -> Result<Option<EmailRequested>, ApiError> {
    let organization = organizations::find(tenant).await?.ok_or_else(ApiError::not_found)?;
    let mail = AccountMail {
        user_id: invited.id,
        organization: organization.name,
        invited_by: Some(by.full_name.clone().unwrap_or_else(|| by.email.clone())),
    };
    Ok(emails::insert_account_mail(tenant, EmailType::Invitation, &invited.email, &mail, request).await?)
}
