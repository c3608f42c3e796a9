//! `DELETE /v1/chat/conversations/{id}`

use data::{
    audit::{Event, Subject},
    conversations,
};
use domain::{Action, ConversationId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("conversations-delete", "DELETE /v1/chat/conversations/{id}", "Forgets a conversation")
        .needs(&[Permission::AnalyticsRead])
        .no_content()
}

/// Forgets a conversation with everything said in it.
///
/// # Errors
/// 404 for an id that does not exist here, or is somebody else's.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: ConversationId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        if !conversations::delete(&mut tenant, id).await? {
            return Err(ApiError::not_found());
        }
        let event = Event::new(Action::ConversationDeleted).about(Subject::new("conversation", id));
        request.record(&mut tenant, event);
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
