//! `POST /v1/chat/messages/{id}/feedback`: whether an answer is right. What is confirmed or corrected becomes an example.

use assistant::Plan;
use data::{
    audit::{Event, Subject},
    conversations,
};
use domain::{Action, MessageId};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::plan;
use crate::Context;

const COMMENT_CHARS_MAX: usize = 2_000;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    verdict: Verdict,
    comment: Option<String>,
    /// Of a wrong answer: what should have been computed, for example the plan of one of its choices.
    plan: Option<Plan>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Right,
    Wrong,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("messages-feedback", "POST /v1/chat/messages/{id}/feedback", "Says whether an answer is right")
        .details("A confirmed answer, or the plan of a correction, becomes an example of the organisation's regression suite.")
        .needs(&[Permission::AnalyticsRead])
        .body::<Body>()
        .refuses(409, "nothing_computed", "For this message nothing was computed.")
        .no_content()
}

/// Keeps the verdict, and the right reading as an example.
///
/// # Errors
/// 404 for an id that does not exist here or is somebody else's, 409 when there is nothing to confirm, 422 for a long comment.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: MessageId = request.path("id")?;
        let body: Body = request.json()?;
        let comment = body.comment.as_deref().map(str::trim).filter(|comment| !comment.is_empty());
        if comment
            .is_some_and(|comment| comment.chars().count() > COMMENT_CHARS_MAX || comment.contains('\0'))
        {
            let message = format!("A comment has at most {COMMENT_CHARS_MAX} characters.");
            return Err(ApiError::validation(vec![FieldError::new("/comment", "too_long", message)]));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let message = conversations::message(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let (word, right) = match body.verdict {
            Verdict::Right => ("right", Some(plan(&message)?)),
            Verdict::Wrong => ("wrong", body.plan),
        };
        conversations::judge(&mut tenant, id, word, comment).await?;
        if let Some(right) = right {
            conversations::confirm(&mut tenant, &message.question, &serde_json::to_value(right)?).await?;
        }
        let event = Event::new(Action::AnswerJudged).about(Subject::new("message", id)).with("verdict", word);
        request.record(&mut tenant, event);
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
