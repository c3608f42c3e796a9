//! A question's place in its conversation.

use assistant::Memory;
use chrono::{DateTime, Utc};
use data::{
    Tenant,
    conversations::{self, NewMessage},
};
use domain::ConversationId;
use edge::ApiError;

use crate::ask::View;

/// What a question goes on with. The conversation is locked as long as the transaction lives: its questions take turns.
pub(crate) struct Turn {
    pub(crate) conversation: ConversationId,
    pub(crate) memory: Memory,
    /// When the last question was answered; `None`: this is the first one.
    went_on_at: Option<DateTime<Utc>>,
}

impl Turn {
    /// # Errors
    /// 404 for a conversation that the caller does not have.
    pub(crate) async fn take(
        tenant: &mut Tenant,
        conversation: Option<ConversationId>,
    ) -> Result<Self, ApiError> {
        let Some(id) = conversation else {
            return Ok(Self {
                conversation: ConversationId::new(),
                memory: Memory::default(),
                went_on_at: None,
            });
        };
        let known = conversations::lock(tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let memory = serde_json::from_value(known.memory).unwrap_or_default();
        Ok(Self { conversation: id, memory, went_on_at: Some(known.updated_at) })
    }

    /// Takes the turn in another transaction than the first.
    ///
    /// # Errors
    /// 404 when the conversation has been deleted meanwhile, 409 when it has gone on.
    pub(crate) async fn take_again(&self, tenant: &mut Tenant) -> Result<(), ApiError> {
        let Some(before) = self.went_on_at else { return Ok(()) };
        let now = conversations::lock(tenant, self.conversation).await?.ok_or_else(ApiError::not_found)?;
        if now.updated_at == before {
            return Ok(());
        }
        let detail = "Another question of this conversation was answered meanwhile: ask again.";
        Err(ApiError::conflict("conversation_went_on", detail))
    }

    /// Keeps the question with its answer, and what the next one goes on with.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn keep(
        &self,
        tenant: &mut Tenant,
        question: &str,
        view: &View,
        next: &Memory,
    ) -> Result<(), ApiError> {
        if self.went_on_at.is_none() {
            conversations::insert(tenant, self.conversation, question).await?;
        }
        let status = serde_json::to_value(view.status)?;
        let message = NewMessage {
            id: view.message_id,
            conversation: self.conversation,
            question,
            status: status.as_str().unwrap_or_default(),
            engine: &view.engine,
            answer: &view.answer,
            plan: view.plan.as_ref().map(serde_json::to_value).transpose()?,
            reply: serde_json::to_value(view)?,
        };
        conversations::add(tenant, &message, &serde_json::to_value(next)?).await?;
        Ok(())
    }
}
