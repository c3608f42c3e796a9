//! What an organisation says in its mails in its own words.

use domain::EmailType;
use sqlx::FromRow;

use crate::{Error, Result, Tenant};

/// Words in place of ours, with variables in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Wording {
    pub subject: Option<String>,
    /// A paragraph before everything else.
    pub intro: Option<String>,
}

/// The words for mails of this kind.
///
/// # Errors
/// When the database fails.
pub async fn of(tenant: &mut Tenant, kind: EmailType) -> Result<Wording> {
    let wording = sqlx::query_as("SELECT subject, intro FROM mail_wordings WHERE type = $1")
        .bind(kind.as_str())
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("mail_wordings.of"))?;
    Ok(wording.unwrap_or_default())
}

/// Keeps these words; with none, ours are back.
///
/// # Errors
/// When the database fails.
pub async fn set(tenant: &mut Tenant, kind: EmailType, wording: &Wording) -> Result<()> {
    let statement = match wording {
        Wording { subject: None, intro: None } => {
            "DELETE FROM mail_wordings WHERE org_id = $1 AND type = $2 AND coalesce($3, $4) IS NULL"
        }
        _ => {
            "INSERT INTO mail_wordings (org_id, type, subject, intro) VALUES ($1, $2, $3, $4)
             ON CONFLICT (org_id, type) DO UPDATE SET subject = EXCLUDED.subject, intro = EXCLUDED.intro, updated_at = now()"
        }
    };
    sqlx::query(statement)
        .bind(tenant.org().0)
        .bind(kind.as_str())
        .bind(&wording.subject)
        .bind(&wording.intro)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("mail_wordings.set"))?;
    Ok(())
}
