//! Answers that are kept for the next instance that is asked the same by the same caller.

use crate::{Error, Result, Tenant};

/// Longest answer that is kept, in bytes: what the table takes.
pub const BODY_BYTES_MAX: usize = 256 << 10;

/// SHA-256 of a question: its route, its parameters, and the day.
pub type Question = [u8; 32];

/// The answer to this question of the caller, if it was computed from this version of the data.
///
/// # Errors
/// When the database fails.
pub async fn find(tenant: &mut Tenant, question: &Question, version: i64) -> Result<Option<String>> {
    // Whose answers these are is decided by the row policy.
    sqlx::query_scalar("SELECT body FROM kept_answers WHERE org_id = $1 AND question = $2 AND version = $3")
        .bind(tenant.org().0)
        .bind(question.as_slice())
        .bind(version)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("kept_answers.find"))
}

/// Keeps an answer, and forgets those of the caller that cannot be given any more.
///
/// # Errors
/// When the database fails, or the answer is longer than [`BODY_BYTES_MAX`].
pub async fn keep(tenant: &mut Tenant, question: &Question, version: i64, body: &str) -> Result<()> {
    sqlx::query(
        "WITH outdated AS (
             DELETE FROM kept_answers
             WHERE org_id = $1 AND question <> $2 AND (version <> $3 OR kept_at < now() - interval '1 day')
         )
         INSERT INTO kept_answers (org_id, question, version, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (org_id, subject, question) DO UPDATE SET version = $3, body = $4, kept_at = now()",
    )
    .bind(tenant.org().0)
    .bind(question.as_slice())
    .bind(version)
    .bind(body)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("kept_answers.keep"))?;
    Ok(())
}
