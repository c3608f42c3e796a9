//! POST /v1/uploads/{id}/approve

use data::{audit::Event, uploads};
use domain::{Action, UploadId, UploadStatus};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, requeue::requeue};

const REASON_CHARS_MAX: usize = 1_000;

/// Questions whose answer is the approval itself; others need an answer first.
pub(crate) const SETTLED_BY_APPROVAL: [&str; 2] = ["confirm_booking", "period_overlap"];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    reason: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-approve",
        "POST /v1/uploads/{id}/approve",
        "Takes a held upload although a control does not tie; records who and why",
    )
    .needs(&[Permission::UploadsApprove])
    .body::<Body>()
    .refuses(409, "questions_open", "Its questions need an answer first.")
    .refuses(409, "not_in_review", "The upload does not wait for a decision.")
    .accepted::<crate::views::RequeuedView>()
}

/// Takes a held upload although a control does not tie; records who and why.
///
/// # Errors
/// 422 without a reason, 404 for an id that does not exist here, 409 when it waits for no decision or for answers.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsApprove)?;
        let id: UploadId = request.path("id")?;
        let Body { reason } = request.json()?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(ApiError::field("/reason", "required", "Say why it is right to take the file."));
        }
        if reason.chars().count() > REASON_CHARS_MAX {
            let message = format!("A reason has at most {REASON_CHARS_MAX} characters.");
            return Err(ApiError::field("/reason", "too_long", message));
        }
        let mut tenant = ctx.db.tenant(&principal).await?;
        let upload = uploads::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let open = |code: &str| !SETTLED_BY_APPROVAL.contains(&code);
        if upload.status == UploadStatus::NeedsReview && upload.questions.iter().any(|q| open(&q.code)) {
            return Err(ApiError::conflict("questions_open", "Its questions need an answer first."));
        }
        if !uploads::approve(&mut tenant, id, principal.user_id, reason).await? {
            return Err(ApiError::conflict("not_in_review", "The upload does not wait for a decision."));
        }
        let event = Event::new(Action::UploadApproved).with("reason", reason);
        let reply = requeue(ctx, &request, tenant, id, UploadStatus::Pending, event).await?;
        tracing::info!(upload.id = %id, user.id = %principal.user_id, "upload approved");
        Ok(reply)
    })
}
