//! `GET /v1/emails/{id}`: one mail, its tries, and what it says.

use chrono::{DateTime, Utc};
use data::{emails, mail_wordings};
use domain::{DOWNLOAD_TIME, EmailEvent, EmailId, EmailType, ReportMail};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use mail::{Additions, Download, Words};
use schemars::JsonSchema;
use serde::{Deserialize as _, Serialize};
use serde_json::Value;

use crate::{TemplateContext, views::EmailView};

/// Something that happened to a mail.
#[derive(Debug, Serialize, JsonSchema)]
struct EventView {
    event: EmailEvent,
    at: DateTime<Utc>,
    /// The words of a mail server or of an error.
    detail: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EmailDetails")]
struct Detailed {
    #[serde(flatten)]
    email: EmailView,
    /// Oldest first.
    events: Vec<EventView>,
    /// What it says; `null` for mails about an account, whose link is its reader's alone.
    text: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("emails-get", "GET /v1/emails/{id}", "Shows one mail, its tries, and what it says")
        .needs(&[Permission::EmailsRead])
        .ok::<Detailed>()
}

/// Shows a mail of the organisation.
///
/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &TemplateContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::EmailsRead)?;
        let id: EmailId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let found = emails::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let events = emails::events(&mut tenant, id).await?;
        let kind = found.log.kind;
        let text = if kind.is_about_account() {
            None
        } else {
            let wording = mail_wordings::of(&mut tenant, kind).await?;
            let words = Words { subject: wording.subject.as_deref(), intro: wording.intro.as_deref() };
            let download = linked(kind, &found.payload, found.log.created_at);
            let additions = Additions { words, download, ..Additions::default() };
            // What was stored by a version with other templates is a mail all the same.
            ctx.templates.render(kind, &found.payload, &additions).ok().map(|rendered| rendered.text)
        };
        let events = events
            .into_iter()
            .map(|event| EventView { event: event.what, at: event.at, detail: event.detail })
            .collect();
        Reply::ok(&Detailed { email: found.log.into(), events, text })
    })
}

/// Of a file that is too large for a mail its reader got a link, which is that reader's alone.
fn linked(kind: EmailType, payload: &Value, made_at: DateTime<Utc>) -> Option<Download> {
    if kind != EmailType::ReportReady {
        return None;
    }
    let file = ReportMail::deserialize(payload).ok()?.file?;
    let is_linked = file.size_bytes > mail::max_attached_bytes(file.format);
    is_linked.then(|| Download { url: "(linked in the mail)".to_owned(), until: made_at + DOWNLOAD_TIME })
}

#[cfg(test)]
mod tests;
