//! `GET /v1/mail-files/{token}`: the file that was too large for its mail.

use std::time::Duration;

use chrono::Utc;
use data::{
    MailLink,
    audit::{Event, Subject},
    emails,
};
use domain::{Action, DOWNLOAD_TIME, EmailType, FileName, ReportMail};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use serde::Deserialize as _;

use crate::FileContext;

/// The browser follows at once.
const REDIRECT_TIME: Duration = Duration::from_secs(60);

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "mail-files-get",
        "GET /v1/mail-files/{token}",
        "Leads to the file that was too large for its mail",
    )
    .details("Works for seven days from the making of the mail on, for whoever has the link.")
    .path_text("token", "AZlNLgAA", "As it stands in the mail.")
    .for_anybody()
    .redirect()
    .refuses(404, "not_found", "The link is not from us, or its time is over.")
}

/// Leads to the file.
///
/// # Errors
/// 404 for a link that we did not write or whose time is over: which of both, it does not say.
pub fn handle(ctx: &FileContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let token: String = request.path("token")?;
        let (org, id) =
            ctx.database.read_mail_token(MailLink::File, &token).ok_or_else(ApiError::not_found)?;
        let mut tenant = ctx.database.system(org).await?;
        let found = emails::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if found.log.kind != EmailType::ReportReady || Utc::now() > found.log.created_at + DOWNLOAD_TIME {
            return Err(ApiError::not_found());
        }
        let mail = ReportMail::deserialize(&found.payload)?;
        let file = mail.file.ok_or_else(ApiError::not_found)?;
        if !file.object_key.starts_with(&format!("reports/{org}/"))
            || ctx.reports.head(&file.object_key).await?.is_none()
        {
            return Err(ApiError::not_found());
        }
        let link =
            ctx.reports.presign_get(&file.object_key, &FileName::lossy(&file.name), REDIRECT_TIME).await?;
        let event = Event::new(Action::ReportDownloaded).about(Subject::new("report", mail.report_id));
        request.record(&mut tenant, event.with("email", id.to_string()));
        tenant.commit().await?;
        Ok(Reply::found(link.url))
    })
}

#[cfg(test)]
mod tests;
