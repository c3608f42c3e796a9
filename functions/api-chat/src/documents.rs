//! What an organisation wrote down about its business: told to a language model where it is like a question.

pub mod add;
pub mod delete;
pub mod list;

use chrono::{DateTime, Utc};
use data::documents::Document;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

#[derive(Debug, Serialize, JsonSchema)]
struct View {
    id: Uuid,
    title: String,
    /// Of its text.
    chars: i32,
    created_by: Uuid,
    created_at: DateTime<Utc>,
}

impl From<Document> for View {
    fn from(known: Document) -> Self {
        let Document { id, title, chars, created_by, created_at } = known;
        Self { id, title, chars, created_by, created_at }
    }
}
