//! `GET /v1/chat/conversations/{id}`

use chrono::{DateTime, Utc};
use data::conversations::{self, Message};
use domain::ConversationId;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::View;
use crate::Context;

/// Most messages that are shown: nobody reads more.
const MESSAGES_MAX: u32 = 500;

#[derive(Debug, Serialize, JsonSchema)]
struct Whole {
    #[serde(flatten)]
    conversation: View,
    messages: Vec<MessageView>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MessageView {
    id: Uuid,
    question: String,
    /// As it was answered then.
    reply: Value,
    feedback: Option<String>,
    comment: Option<String>,
    created_at: DateTime<Utc>,
}

impl From<Message> for MessageView {
    fn from(message: Message) -> Self {
        Self {
            id: message.id,
            question: message.question,
            reply: message.reply,
            feedback: message.feedback,
            comment: message.comment,
            created_at: message.created_at,
        }
    }
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "conversations-get",
        "GET /v1/chat/conversations/{id}",
        "Reads a conversation with its messages",
    )
    .needs(&[Permission::AnalyticsRead])
    .ok::<Whole>()
}

/// Shows a conversation with everything said in it.
///
/// # Errors
/// 404 for an id that does not exist here, or is somebody else's.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: ConversationId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let known = conversations::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let messages = conversations::messages(&mut tenant, id, MESSAGES_MAX).await?;
        Reply::ok(&Whole {
            conversation: known.into(),
            messages: messages.into_iter().map(MessageView::from).collect(),
        })
    })
}
