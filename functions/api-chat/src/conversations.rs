//! What somebody has asked, conversation by conversation. Nobody sees another one's.

pub mod delete;
pub mod get;
pub mod list;
pub mod rename;

use chrono::{DateTime, Utc};
use data::conversations::Conversation;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    id: Uuid,
    /// The first question, unless it was renamed.
    title: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Conversation> for View {
    fn from(known: Conversation) -> Self {
        Self { id: known.id, title: known.title, created_at: known.created_at, updated_at: known.updated_at }
    }
}
