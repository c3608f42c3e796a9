//! One mail a day in place of many.

use chrono::{DateTime, Utc};
use domain::{DigestItem, DigestMail, EmailId, EmailRequested, EmailType, OrgId};
use sqlx::{FromRow, PgConnection, types::Uuid};

use crate::{
    Error, Result, Tenant,
    emails::{self, NewEmail},
};

/// Whoever has more than this a day reads them in the application; the digest says how many there were by its list.
const MOST_ITEMS: i64 = 200;

/// Readers of all tenants whose mails have waited for this morning.
///
/// # Errors
/// When the database fails.
pub async fn list_due(service: &mut PgConnection, at_most: u32) -> Result<Vec<(OrgId, String)>> {
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("SELECT org_id, recipient FROM service.list_due_digests($1)")
            .bind(i32::try_from(at_most).unwrap_or(i32::MAX))
            .fetch_all(service)
            .await
            .map_err(Error::query("digests.list_due"))?;
    Ok(rows.into_iter().map(|(org, recipient)| (OrgId(org), recipient)).collect())
}

/// Puts what waits for a reader into one mail; `None` when somebody else has just done so.
///
/// # Errors
/// When the database fails or holds a type that this version does not know.
pub async fn gather(tenant: &mut Tenant, recipient: &str) -> Result<Option<EmailRequested>> {
    #[derive(FromRow)]
    struct Row {
        id: Uuid,
        r#type: String,
        subject: Option<String>,
        created_at: DateTime<Utc>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, type, subject, created_at FROM email_logs WHERE status = 'held' AND recipient = $1
         ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED",
    )
    .bind(recipient)
    .bind(MOST_ITEMS)
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("digests.gather"))?;
    if rows.is_empty() {
        return Ok(None);
    }
    let organization: String = sqlx::query_scalar("SELECT name FROM organizations")
        .fetch_one(&mut **tenant)
        .await
        .map_err(Error::query("digests.organization"))?;
    let item = |row: &Row| -> Result<DigestItem> {
        let kind: EmailType = row.r#type.parse().map_err(Error::stored("digests.gather"))?;
        let subject = row.subject.clone().unwrap_or_else(|| kind.as_str().to_owned());
        Ok(DigestItem { r#type: kind, subject, at: row.created_at })
    };
    let mail = DigestMail { organization, items: rows.iter().map(item).collect::<Result<_>>()? };
    let id = EmailId::new();
    let payload = serde_json::to_value(&mail).map_err(Error::stored("digests.gather"))?;
    let email = NewEmail {
        id,
        kind: EmailType::Digest,
        recipient,
        payload: &payload,
        upload_id: None,
        request_id: None,
    };
    emails::insert(tenant, &email).await?;
    sqlx::query("UPDATE email_logs SET status = 'digested', digest_id = $2 WHERE id = ANY ($1)")
        .bind(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .bind(id.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("digests.mark"))?;
    Ok(Some(EmailRequested { org_id: tenant.org(), email_id: id }))
}
