//! Documents that questions may be about, in pieces that fit beside a question.

use chrono::{DateTime, Utc};
use domain::{DocumentId, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Error, Result, Tenant};

/// A row of `documents`.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Document {
    pub id: Uuid,
    pub title: String,
    pub chars: i32,
    pub created_by: Uuid,
    pub created_at: DateTime<Utc>,
}

const DOCUMENT: &str = "id, title, chars, created_by, created_at";

/// Adds a document with its pieces; `None` when there is one of this title.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tenant: &mut Tenant,
    title: &str,
    pieces: &[String],
    created_by: UserId,
) -> Result<Option<Document>> {
    let chars: usize = pieces.iter().map(|piece| piece.chars().count()).sum();
    let document: Option<Document> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "INSERT INTO documents (id, org_id, title, chars, created_by) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (org_id, title) DO NOTHING RETURNING {DOCUMENT}"
    )))
    .bind(DocumentId::new().0)
    .bind(tenant.org().0)
    .bind(title)
    .bind(i32::try_from(chars).unwrap_or(i32::MAX))
    .bind(created_by.0)
    .fetch_optional(&mut **tenant)
    .await
    .map_err(Error::query("documents.insert"))?;
    if let Some(document) = &document {
        sqlx::query(
            "INSERT INTO document_chunks (id, org_id, document_id, position, text)
             SELECT uuidv7(), $1, $2, position, text FROM unnest($3::text[]) WITH ORDINALITY AS p (text, position)",
        )
        .bind(tenant.org().0)
        .bind(document.id)
        .bind(pieces)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("documents.insert_chunks"))?;
    }
    Ok(document)
}

/// How many there are.
///
/// # Errors
/// When the database fails.
pub async fn count(tenant: &mut Tenant) -> Result<i64> {
    sqlx::query_scalar("SELECT count(*) FROM documents WHERE org_id = $1")
        .bind(tenant.org().0)
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("documents.count"))
}

/// At most `limit` documents, newest first, beginning after the document `after`.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant, limit: u32, after: Option<Uuid>) -> Result<Vec<Document>> {
    sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT {DOCUMENT} FROM documents WHERE org_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
    )))
    .bind(tenant.org().0)
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("documents.list"))
}

/// Takes a document away with its pieces. `false` when there is none with this id.
///
/// # Errors
/// When the database fails.
pub async fn delete(tenant: &mut Tenant, id: DocumentId) -> Result<bool> {
    let done = sqlx::query("DELETE FROM documents WHERE id = $1")
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("documents.delete"))?;
    Ok(done.rows_affected() == 1)
}
