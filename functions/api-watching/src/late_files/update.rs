//! `PATCH /v1/late-files/{id}`

use data::late_files::{self, Words};
use domain::{Action, LateFileId};
use edge::{
    ApiError, Boxed, DatabaseContext, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{View, event, waiting};

const SUBJECT_CHARS_MAX: usize = 200;
const BODY_CHARS_MAX: usize = 5_000;

/// What is not named stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "FileReminderChange")]
#[serde(deny_unknown_fields)]
struct Body {
    /// One line.
    #[schemars(length(min = 1, max = 200))]
    subject: Option<String>,
    /// Plain text; a blank line begins a paragraph.
    #[schemars(length(min = 1, max = 5000))]
    body: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "late-files-update",
        "PATCH /v1/late-files/{id}",
        "Changes the words of a reminder that waits",
    )
    .needs(&[Permission::UploadsWrite])
    .body::<Body>()
    .if_match()
    .refuses(409, "reminder_decided", "The reminder does not wait any more.")
    .ok::<View>()
}

/// # Errors
/// 404, 422 with the words at fault, 409 `reminder_decided`, 428 and 412 by `If-Match`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let id: LateFileId = request.path("id")?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let late = late_files::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(late.version)?;
        waiting(&late)?;
        let mut wrong = Vec::new();
        let subject = body.subject.as_deref().map_or(late.subject.as_str(), str::trim);
        if subject.is_empty()
            || subject.chars().count() > SUBJECT_CHARS_MAX
            || subject.chars().any(char::is_control)
        {
            let message = format!("A subject is one line of 1 to {SUBJECT_CHARS_MAX} characters.");
            wrong.push(FieldError::new("/subject", "invalid", message));
        }
        let text = body.body.as_deref().map_or(late.body.as_str(), str::trim);
        let is_hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        if text.is_empty() || text.chars().count() > BODY_CHARS_MAX || text.chars().any(is_hidden) {
            let message = format!("It has 1 to {BODY_CHARS_MAX} characters of plain text.");
            wrong.push(FieldError::new("/body", "invalid", message));
        }
        if !wrong.is_empty() {
            return Err(ApiError::validation(wrong));
        }
        if !late_files::edit(&mut tenant, id, late.version, Words { subject, body: text }).await? {
            return Err(ApiError::precondition_failed());
        }
        let late = late_files::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::ReminderUpdated, &late));
        tenant.commit().await?;
        let version = late.version;
        Ok(Reply::ok(&View::from(late))?.with_version(version))
    })
}
