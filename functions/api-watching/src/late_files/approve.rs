//! `POST /v1/late-files/{id}/approve`

use chrono::Utc;
use data::{
    Caller, Tenant, coverage, emails,
    late_files::{self, LateFile},
    organizations,
};
use domain::{Action, EmailType, LateFileId, ReminderMail};
use edge::{
    ApiError, Boxed, Permission, Principal,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, waiting};
use crate::MailContext;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "late-files-approve",
        "POST /v1/late-files/{id}/approve",
        "Sends the reminder for a late file to its retailer",
    )
    .details(
        "In the words that were seen: `If-Match` names their version. Answers go to whoever approves it. The mail log says what became of \
         it, for instance that its reader wants no reminders.",
    )
    .needs(&[Permission::UploadsWrite])
    .if_match()
    .refuses(409, "reminder_decided", "The reminder does not wait any more.")
    .refuses(409, "contact_missing", "The vendor has no address: change the vendor.")
    .refuses(409, "not_late_any_more", "The file has come, or is not expected any more.")
    .ok::<View>()
}

/// # Errors
/// 404, 409 `reminder_decided`, `contact_missing` or `not_late_any_more`, 428 and 412 by `If-Match`.
pub fn handle(ctx: &MailContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: LateFileId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let late = late_files::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(late.version)?;
        waiting(&late)?;
        let Some(contact) = late.contact_email.clone() else {
            let detail = "Nobody knows where to send it: give the vendor the address of a contact.";
            return Err(ApiError::conflict("contact_missing", detail));
        };
        still_late(&mut tenant, &late).await?;
        let mail = mail(&mut tenant, &principal, &late).await?;
        let request_id = request.id().to_string();
        let kind = EmailType::FileReminder;
        let wake = emails::write(&mut tenant, kind, &contact, &mail, Some(request_id.as_str())).await?;
        let by = Caller::from(&principal).subject;
        if !late_files::decide(&mut tenant, id, late.version, Some(wake.email_id), by).await? {
            return Err(ApiError::precondition_failed());
        }
        let late = late_files::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::ReminderApproved, &late));
        tenant.commit().await?;
        ctx.emails.wake([&wake]).await;
        let version = late.version;
        Ok(Reply::ok(&View::from(late))?.with_version(version))
    })
}

/// The file may have come since the job looked last.
async fn still_late(tenant: &mut Tenant, late: &LateFile) -> Result<(), ApiError> {
    let today = organizations::day_at(tenant, Utc::now()).await?;
    let books = coverage::load(tenant, Some(&late.vendor)).await?.coverage(None, None, today);
    if coverage::ending(books.first(), late.days()?).is_none() {
        return Ok(());
    }
    Err(ApiError::conflict("not_late_any_more", "The file has come, or is not expected any more."))
}

async fn mail(tenant: &mut Tenant, principal: &Principal, late: &LateFile) -> Result<ReminderMail, ApiError> {
    let organization = organizations::settings(tenant).await?.ok_or_else(ApiError::not_found)?;
    Ok(ReminderMail {
        organization: organization.brand_name.unwrap_or(organization.name),
        language: late.contact_language.0,
        subject: late.subject.clone(),
        body: late.body.clone(),
        // A key has no mailbox.
        reply_to: principal.key_id.is_none().then(|| principal.email.clone()),
    })
}
