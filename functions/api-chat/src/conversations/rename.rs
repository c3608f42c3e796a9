//! `PATCH /v1/chat/conversations/{id}`

use data::{
    audit::{Event, Subject},
    conversations,
};
use domain::{Action, ConversationId};
use edge::{
    ApiError, Boxed, FieldError, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::Context;

const TITLE_CHARS_MAX: usize = 200;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    title: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "conversations-rename",
        "PATCH /v1/chat/conversations/{id}",
        "Calls a conversation something else",
    )
    .needs(&[Permission::AnalyticsRead])
    .body::<Body>()
    .ok::<View>()
}

/// Calls a conversation something else.
///
/// # Errors
/// 422 for an empty or endless title, 404 for an id that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: ConversationId = request.path("id")?;
        let body: Body = request.json()?;
        let title = body.title.trim();
        if title.is_empty() || title.chars().count() > TITLE_CHARS_MAX || title.contains('\0') {
            let message = format!("A title has 1 to {TITLE_CHARS_MAX} characters.");
            return Err(ApiError::validation(vec![FieldError::new("/title", "invalid", message)]));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        if !conversations::rename(&mut tenant, id, title).await? {
            return Err(ApiError::not_found());
        }
        let known = conversations::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let event = Event::new(Action::ConversationRenamed).about(Subject::new("conversation", id));
        request.record(&mut tenant, event);
        tenant.commit().await?;
        Reply::ok(&View::from(known))
    })
}
