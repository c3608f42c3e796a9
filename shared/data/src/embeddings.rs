//! Vectors of texts that a question may mean: kept up to date from the texts, searched by likeness.

use sqlx::FromRow;

use crate::{Error, Result, Tenant, conversations::Example};

/// What a vector is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Metric,
    Product,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Product => "product",
        }
    }
}

/// A text whose vector is missing, or is of another text or maker.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Due {
    pub kind: String,
    pub key: String,
    pub text: String,
}

/// At most `limit` texts that need a vector of this maker. `metrics`: keys and meanings.
///
/// # Errors
/// When the database fails.
pub async fn due(tenant: &mut Tenant, maker: &str, metrics: &[(&str, &str)], limit: u32) -> Result<Vec<Due>> {
    let (keys, meanings): (Vec<&str>, Vec<&str>) = metrics.iter().copied().unzip();
    sqlx::query_as(
        "WITH texts AS (
             SELECT 'example' AS kind, id::text AS key, question AS text FROM chat_examples WHERE org_id = $1
             UNION ALL SELECT 'document', id::text, text FROM document_chunks WHERE org_id = $1
             UNION ALL SELECT 'product', ean, concat_ws(' ', name, sku, size, category) FROM products WHERE org_id = $1
             UNION ALL SELECT 'metric', m.key, m.text FROM unnest($3::text[], $4::text[]) AS m (key, text))
         SELECT t.kind, t.key, t.text FROM texts t
         LEFT JOIN embeddings e ON e.org_id = $1 AND e.kind = t.kind AND e.key = t.key
         WHERE e.key IS NULL OR e.maker <> $2 OR e.content_hash <> sha256(convert_to(t.text, 'UTF8'))
         ORDER BY t.kind, t.key LIMIT $5",
    )
    .bind(tenant.org().0)
    .bind(maker)
    .bind(keys)
    .bind(meanings)
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("embeddings.due"))
}

/// Keeps the vectors of these texts, one each in their order, and forgets those whose text is gone.
///
/// # Errors
/// When the database fails.
pub async fn keep(tenant: &mut Tenant, maker: &str, texts: &[Due], vectors: &[Vec<f32>]) -> Result<()> {
    let column = |of: fn(&Due) -> &str| texts.iter().map(of).collect::<Vec<&str>>();
    sqlx::query(
        "INSERT INTO embeddings (org_id, kind, key, maker, content_hash, embedding)
         SELECT $1, kind, key, $2, sha256(convert_to(text, 'UTF8')), vector::vector
         FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS t (kind, key, text, vector)
         ON CONFLICT (org_id, kind, key) DO UPDATE
         SET maker = excluded.maker, content_hash = excluded.content_hash, embedding = excluded.embedding",
    )
    .bind(tenant.org().0)
    .bind(maker)
    .bind(column(|due| &due.kind))
    .bind(column(|due| &due.key))
    .bind(column(|due| &due.text))
    .bind(vectors.iter().map(|vector| written(vector)).collect::<Vec<String>>())
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("embeddings.keep"))?;
    sqlx::query(
        "DELETE FROM embeddings e WHERE e.org_id = $1 AND (
             e.kind = 'example' AND NOT EXISTS (SELECT FROM chat_examples x WHERE x.org_id = $1 AND x.id::text = e.key)
             OR e.kind = 'document' AND NOT EXISTS (SELECT FROM document_chunks c WHERE c.org_id = $1 AND c.id::text = e.key)
             OR e.kind = 'product' AND NOT EXISTS (SELECT FROM products p WHERE p.org_id = $1 AND p.ean = e.key))",
    )
    .bind(tenant.org().0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("embeddings.forget"))?;
    Ok(())
}

/// The confirmed questions that are most like this vector.
///
/// # Errors
/// When the database fails.
pub async fn examples(tenant: &mut Tenant, maker: &str, vector: &[f32], limit: u32) -> Result<Vec<Example>> {
    sqlx::query_as(
        "SELECT x.question, x.plan FROM embeddings e JOIN chat_examples x ON x.org_id = e.org_id AND x.id::text = e.key
         WHERE e.org_id = $1 AND e.kind = 'example' AND e.maker = $2
         ORDER BY e.embedding <=> $3::text::vector, e.key LIMIT $4",
    )
    .bind(tenant.org().0)
    .bind(maker)
    .bind(written(vector))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("embeddings.examples"))
}

/// The pieces of documents that are most like this vector.
///
/// # Errors
/// When the database fails.
pub async fn pieces(tenant: &mut Tenant, maker: &str, vector: &[f32], limit: u32) -> Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT c.text FROM embeddings e JOIN document_chunks c ON c.org_id = e.org_id AND c.id::text = e.key
         WHERE e.org_id = $1 AND e.kind = 'document' AND e.maker = $2
         ORDER BY e.embedding <=> $3::text::vector, e.key LIMIT $4",
    )
    .bind(tenant.org().0)
    .bind(maker)
    .bind(written(vector))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("embeddings.pieces"))
}

/// Keys of what is most like this vector, the likest first.
///
/// # Errors
/// When the database fails.
pub async fn nearest(
    tenant: &mut Tenant,
    kind: Kind,
    maker: &str,
    vector: &[f32],
    limit: u32,
) -> Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT key FROM embeddings WHERE org_id = $1 AND kind = $2 AND maker = $3
         ORDER BY embedding <=> $4::text::vector, key LIMIT $5",
    )
    .bind(tenant.org().0)
    .bind(kind.as_str())
    .bind(maker)
    .bind(written(vector))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("embeddings.nearest"))
}

/// As pgvector reads it.
fn written(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}
