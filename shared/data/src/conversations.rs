//! Conversations and their messages. Row security shows everybody their own.

use chrono::{DateTime, Utc};
use domain::{ConversationId, MessageId};
use serde_json::Value;
use sqlx::{FromRow, types::Uuid};

use crate::{Error, Result, Tenant};

/// A row of `conversations`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Conversation {
    pub id: Uuid,
    pub title: String,
    pub memory: Value,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A row of `messages`.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Message {
    pub id: Uuid,
    pub conversation_id: Uuid,
    pub question: String,
    pub status: String,
    pub engine: String,
    pub answer: String,
    pub plan: Option<Value>,
    pub reply: Value,
    pub feedback: Option<String>,
    pub comment: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// A question with its answer, to be kept.
#[derive(Debug, Clone)]
pub struct NewMessage<'a> {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub question: &'a str,
    pub status: &'a str,
    pub engine: &'a str,
    pub answer: &'a str,
    pub plan: Option<Value>,
    pub reply: Value,
}

/// A question whose reading is confirmed.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Example {
    pub question: String,
    pub plan: Value,
}

const CONVERSATION: &str = "id, title, memory, created_at, updated_at";
const MESSAGE: &str =
    "id, conversation_id, question, status, engine, answer, plan, reply, feedback, comment, created_at";

/// Begins a conversation of the subject of this transaction.
///
/// # Errors
/// When the database fails.
pub async fn insert(tenant: &mut Tenant, id: ConversationId, title: &str) -> Result<()> {
    sqlx::query("INSERT INTO conversations (id, org_id, subject, title) VALUES ($1, $2, wall.current_subject(), left($3, 200))")
        .bind(id.0)
        .bind(tenant.org().0)
        .bind(title)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("conversations.insert"))?;
    Ok(())
}

/// The caller's conversation with this id, locked until the transaction ends: its questions take turns.
///
/// # Errors
/// When the database fails.
pub async fn lock(tenant: &mut Tenant, id: ConversationId) -> Result<Option<Conversation>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {CONVERSATION} FROM conversations WHERE id = $1 FOR UPDATE"
    )))
    .bind(id.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("conversations.lock"))
}

/// The caller's conversation with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, id: ConversationId) -> Result<Option<Conversation>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {CONVERSATION} FROM conversations WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("conversations.find"))
}

/// At most `limit` of the caller's conversations, those talked in last first, beginning after (`time`, `id`).
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    limit: u32,
    after: Option<(DateTime<Utc>, Uuid)>,
) -> Result<Vec<Conversation>> {
    let (time, id) = after.unzip();
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {CONVERSATION} FROM conversations
         WHERE org_id = $1 AND ($2::timestamptz IS NULL OR (updated_at, id) < ($2, $3))
         ORDER BY updated_at DESC, id DESC LIMIT $4"
    )))
    .bind(tenant.org().0)
    .bind(time)
    .bind(id)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("conversations.list"))
}

/// Calls a conversation something else. `false` when there is none with this id.
///
/// # Errors
/// When the database fails.
pub async fn rename(tenant: &mut Tenant, id: ConversationId, title: &str) -> Result<bool> {
    let done = sqlx::query("UPDATE conversations SET title = $2 WHERE id = $1")
        .bind(id.0)
        .bind(title)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("conversations.rename"))?;
    Ok(done.rows_affected() == 1)
}

/// Forgets a conversation with everything said in it. `false` when there is none with this id.
///
/// # Errors
/// When the database fails.
pub async fn delete(tenant: &mut Tenant, id: ConversationId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM conversations WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("conversations.delete"))?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a message, and what the next one goes on with.
///
/// # Errors
/// When the database fails.
pub async fn add(tenant: &mut Tenant, message: &NewMessage<'_>, memory: &Value) -> Result<()> {
    sqlx::query(
        "INSERT INTO messages (id, org_id, conversation_id, subject, question, status, engine, answer, plan, reply)
         VALUES ($1, $2, $3, wall.current_subject(), $4, $5, $6, $7, $8, $9)",
    )
    .bind(message.id.0)
    .bind(tenant.org().0)
    .bind(message.conversation.0)
    .bind(message.question)
    .bind(message.status)
    .bind(message.engine)
    .bind(message.answer)
    .bind(&message.plan)
    .bind(&message.reply)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("conversations.add"))?;
    sqlx::query("UPDATE conversations SET memory = $2, updated_at = now() WHERE id = $1")
        .bind(message.conversation.0)
        .bind(memory)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("conversations.remember"))?;
    Ok(())
}

/// The messages of a conversation in order.
///
/// # Errors
/// When the database fails.
pub async fn messages(tenant: &mut Tenant, id: ConversationId, limit: u32) -> Result<Vec<Message>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {MESSAGE} FROM messages WHERE org_id = $1 AND conversation_id = $2 ORDER BY id LIMIT $3"
    )))
    .bind(tenant.org().0)
    .bind(id.0)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("conversations.messages"))
}

/// The caller's message with this id.
///
/// # Errors
/// When the database fails.
pub async fn message(tenant: &mut Tenant, id: MessageId) -> Result<Option<Message>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!("SELECT {MESSAGE} FROM messages WHERE id = $1")))
        .bind(id.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("conversations.message"))
}

/// What the asker says of an answer.
///
/// # Errors
/// When the database fails.
pub async fn judge(tenant: &mut Tenant, id: MessageId, feedback: &str, comment: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE messages SET feedback = $2, comment = $3 WHERE id = $1")
        .bind(id.0)
        .bind(feedback)
        .bind(comment)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("conversations.judge"))?;
    Ok(())
}

/// Keeps a question with its right reading, in place of an earlier one.
///
/// # Errors
/// When the database fails.
pub async fn confirm(tenant: &mut Tenant, question: &str, plan: &Value) -> Result<()> {
    sqlx::query(
        "INSERT INTO chat_examples (id, org_id, question, plan, confirmed_by) VALUES (uuidv7(), $1, $2, $3, wall.current_subject())
         ON CONFLICT (org_id, question) DO UPDATE SET plan = excluded.plan, confirmed_by = excluded.confirmed_by, created_at = now()",
    )
    .bind(tenant.org().0)
    .bind(question)
    .bind(plan)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("conversations.confirm"))?;
    Ok(())
}

/// The confirmed questions, newest first.
///
/// # Errors
/// When the database fails.
pub async fn examples(tenant: &mut Tenant, limit: u32) -> Result<Vec<Example>> {
    sqlx::query_as("SELECT question, plan FROM chat_examples WHERE org_id = $1 ORDER BY id DESC LIMIT $2")
        .bind(tenant.org().0)
        .bind(i64::from(limit))
        .fetch_all(&mut **tenant)
        .await
        .map_err(Error::query("conversations.examples"))
}
