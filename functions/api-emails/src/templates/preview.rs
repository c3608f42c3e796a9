//! `POST /v1/email-templates/{type}/preview`

use data::mail_wordings;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use mail::{Additions, Words};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Body, kind};
use crate::TemplateContext;

/// Nobody's token, in mails about an account.
const SAMPLE_TOKEN: &str = "sample";

/// A made-up mail.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "EmailPreview")]
struct View {
    subject: String,
    text: String,
    html: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "email-templates-preview",
        "POST /v1/email-templates/{type}/preview",
        "Shows a made-up mail with these words",
    )
    .details("Texts that are missing are those that the organisation has. Nothing is sent or kept.")
    .needs(&[Permission::EmailsRead])
    .path_text("type", "report_ready", "A kind of mails, as the list names it.")
    .body::<Body>()
    .ok::<View>()
}

/// Renders a made-up mail.
///
/// # Errors
/// 404 for a kind that there is not, 422 for a variable that such mails do not have.
pub fn handle(ctx: &TemplateContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::EmailsRead)?;
        let kind = kind(&request)?;
        let asked = request.json::<Body>()?.check(kind)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let kept = mail_wordings::of(&mut tenant, kind).await?;
        let words = Words {
            subject: asked.subject.as_deref().or(kept.subject.as_deref()),
            intro: asked.intro.as_deref().or(kept.intro.as_deref()),
        };
        let additions = Additions { token: SAMPLE_TOKEN, words, ..Additions::default() };
        let rendered = ctx.templates.render(kind, &mail::sample(kind)?, &additions)?;
        Reply::ok(&View { subject: rendered.subject, text: rendered.text, html: rendered.html })
    })
}
