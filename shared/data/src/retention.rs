//! How long things are kept that are no books, and their end.

use domain::{OrgId, UploadId};
use sqlx::{FromRow, PgConnection, types::Uuid};

use crate::{Error, Result, Tenant};

/// One kind of things, and how long this organisation keeps them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Rule {
    pub kind: String,
    pub meaning: String,
    pub days: i32,
    /// What holds for organisations without a rule of their own.
    pub default_days: i32,
    pub least_days: i32,
    pub most_days: i32,
}

/// Every kind, with the rule of this organisation or the default.
///
/// # Errors
/// When the database fails.
pub async fn list(tenant: &mut Tenant) -> Result<Vec<Rule>> {
    sqlx::query_as(
        "SELECT k.name AS kind, k.meaning, coalesce(r.days, k.days) AS days, k.days AS default_days, k.least_days, k.most_days
         FROM wall.retention_kinds k LEFT JOIN retention_rules r ON r.kind = k.name
         ORDER BY k.name",
    )
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("retention.list"))
}

/// Keeps a kind for so many days from now on; `false` beyond its bounds.
///
/// # Errors
/// When the database fails.
pub async fn set(tenant: &mut Tenant, kind: &str, days: i32) -> Result<bool> {
    let set = sqlx::query(
        "INSERT INTO retention_rules (org_id, kind, days)
         SELECT $1, name, $3 FROM wall.retention_kinds WHERE name = $2 AND $3 BETWEEN least_days AND most_days
         ON CONFLICT (org_id, kind) DO UPDATE SET days = EXCLUDED.days, updated_at = now()",
    )
    .bind(tenant.org().0)
    .bind(kind)
    .bind(days)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("retention.set"))?;
    Ok(set.rows_affected() == 1)
}

/// Removes at most so many things of a kind that are older than so many days; how many it were. A kind without a statement
/// here would be a rule that nothing follows: an error.
///
/// # Errors
/// When the database fails, or nobody knows the kind.
pub async fn remove(tenant: &mut Tenant, kind: &str, days: i32, at_most: i64) -> Result<u64> {
    let statement = match kind {
        // A session that nobody has used for thirty days has no refresh token left.
        "sessions" => {
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions
                 WHERE coalesce(ended_at, last_used_at + interval '30 days') < now() - make_interval(days => $1) LIMIT $2)"
        }
        "refresh_tokens" => {
            "DELETE FROM refresh_tokens WHERE id IN (SELECT id FROM refresh_tokens
                 WHERE expires_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "user_tokens" => {
            "DELETE FROM user_tokens WHERE token_hash IN (SELECT token_hash FROM user_tokens
                 WHERE expires_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "idempotency_keys" => {
            "DELETE FROM idempotency_keys WHERE (subject, route, key) IN (SELECT subject, route, key FROM idempotency_keys
                 WHERE created_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "rejects" => {
            "DELETE FROM upload_rejects WHERE (upload_id, position) IN (SELECT r.upload_id, r.position
                 FROM upload_rejects r JOIN uploads u ON u.id = r.upload_id
                 WHERE u.status IN ('undone', 'rejected', 'failed', 'duplicate', 'expired')
                     AND coalesce(u.undone_at, u.finished_at) < now() - make_interval(days => $1) LIMIT $2)"
        }
        "emails" => {
            "DELETE FROM email_logs WHERE id IN (SELECT id FROM email_logs
                 WHERE status NOT IN ('queued', 'sending', 'held') AND created_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "model_calls" => {
            "DELETE FROM model_calls WHERE id IN (SELECT id FROM model_calls
                 WHERE created_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "exports" => {
            "DELETE FROM exports WHERE id IN (SELECT id FROM exports
                 WHERE status IN ('failed', 'expired') AND finished_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "reports" => {
            "DELETE FROM reports WHERE id IN (SELECT id FROM reports
                 WHERE status IN ('failed', 'expired') AND finished_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "documents" => {
            "DELETE FROM documents WHERE id IN (SELECT id FROM documents
                 WHERE created_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "report_runs" => {
            "DELETE FROM report_runs WHERE id IN (SELECT id FROM report_runs
                 WHERE finished_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "alert_checks" => {
            "DELETE FROM alert_checks WHERE (alert_id, subject, period_start, line) IN (
                 SELECT alert_id, subject, period_start, line FROM alert_checks
                 WHERE checked_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        "late_files" => {
            "DELETE FROM late_files WHERE id IN (SELECT id FROM late_files
                 WHERE settled_at < now() - make_interval(days => $1) LIMIT $2)"
        }
        _ => return Err(Error::stored("retention.remove")(UnknownKind)),
    };
    let removed = sqlx::query(statement)
        .bind(days)
        .bind(at_most)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("retention.remove"))?;
    Ok(removed.rows_affected())
}

/// The kind that lies in a bucket: [`remove`] does not know it.
pub const ORIGINALS: &str = "originals";

/// A file as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    pub upload: UploadId,
    pub object_key: String,
}

/// At most so many files that came more than so many days ago and whose upload has ended, the oldest first. A name that a later file
/// has, too, stays until that one may go.
///
/// # Errors
/// When the database fails.
pub async fn originals(tenant: &mut Tenant, days: i32, at_most: i64) -> Result<Vec<Original>> {
    let found: Vec<(Uuid, String)> = sqlx::query_as(
        "SELECT u.id, u.object_key FROM uploads u
         WHERE u.original_removed_at IS NULL AND u.status NOT IN ('pending', 'processing', 'needs_review')
             AND u.created_at < now() - make_interval(days => $1)
             AND NOT EXISTS (SELECT FROM uploads other WHERE other.object_key = u.object_key
                 AND (other.created_at >= now() - make_interval(days => $1)
                     OR other.status IN ('pending', 'processing', 'needs_review')))
         ORDER BY u.created_at, u.id LIMIT $2",
    )
    .bind(days)
    .bind(at_most)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("retention.originals"))?;
    Ok(found.into_iter().map(|(id, object_key)| Original { upload: UploadId(id), object_key }).collect())
}

/// Says that the files of these uploads are gone.
///
/// # Errors
/// When the database fails.
pub async fn mark_removed(tenant: &mut Tenant, uploads: &[UploadId]) -> Result<()> {
    sqlx::query("UPDATE uploads SET original_removed_at = now() WHERE id = ANY ($1)")
        .bind(uploads.iter().map(|upload| upload.0).collect::<Vec<_>>())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("retention.mark_removed"))?;
    Ok(())
}

#[derive(Debug, thiserror::Error)]
#[error("a kind of things that nothing here removes")]
struct UnknownKind;

/// Organisations after this one, in order.
///
/// # Errors
/// When the database fails.
pub async fn organizations(
    service: &mut PgConnection,
    after: Option<OrgId>,
    at_most: i32,
) -> Result<Vec<OrgId>> {
    let ids: Vec<Uuid> = sqlx::query_scalar("SELECT * FROM service.list_organizations($1, $2)")
        .bind(after.map(|org| org.0))
        .bind(at_most)
        .fetch_all(service)
        .await
        .map_err(Error::query("retention.organizations"))?;
    Ok(ids.into_iter().map(OrgId).collect())
}
