//! Which mails a reader wants, and how.

use domain::{EmailType, MailChoice, UserId};

use crate::{Error, Result, Tenant};

/// Where mails to a user go; `None` for nobody of this organisation.
///
/// # Errors
/// When the database fails.
pub async fn own_address(tenant: &mut Tenant, user: UserId) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT email FROM users WHERE id = $1 AND removed_at IS NULL")
        .bind(user.0)
        .fetch_optional(&mut **tenant)
        .await
        .map_err(Error::query("mail_choices.own_address"))
}

/// How the reader at this address wants mails of this kind.
///
/// # Errors
/// When the database fails or holds a word that this version does not know.
pub async fn of(tenant: &mut Tenant, address: &str, kind: EmailType) -> Result<MailChoice> {
    let choice: Option<String> =
        sqlx::query_scalar("SELECT choice FROM mail_choices WHERE address = lower($1) AND type = $2")
            .bind(address)
            .bind(kind.as_str())
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("mail_choices.of"))?;
    choice.map_or(Ok(MailChoice::On), |word| word.parse().map_err(Error::stored("mail_choices.of")))
}

/// All choices of an address that are not `on`.
///
/// # Errors
/// When the database fails or holds a word that this version does not know.
pub async fn list(tenant: &mut Tenant, address: &str) -> Result<Vec<(EmailType, MailChoice)>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT type, choice FROM mail_choices WHERE address = lower($1) ORDER BY type")
            .bind(address)
            .fetch_all(&mut **tenant)
            .await
            .map_err(Error::query("mail_choices.list"))?;
    let read = |(kind, choice): (String, String)| Ok((kind.parse()?, choice.parse()?));
    rows.into_iter().map(read).collect::<Result<_, String>>().map_err(Error::stored("mail_choices.list"))
}

/// Chooses for an address.
///
/// # Errors
/// When the database fails.
pub async fn set(tenant: &mut Tenant, address: &str, kind: EmailType, choice: MailChoice) -> Result<()> {
    let statement = match choice {
        MailChoice::On => {
            "DELETE FROM mail_choices WHERE org_id = $1 AND address = lower($2) AND type = $3 AND $4 = 'on'"
        }
        MailChoice::Off | MailChoice::Digest => {
            "INSERT INTO mail_choices (org_id, address, type, choice) VALUES ($1, lower($2), $3, $4)
             ON CONFLICT (org_id, address, type) DO UPDATE SET choice = EXCLUDED.choice, updated_at = now()"
        }
    };
    sqlx::query(statement)
        .bind(tenant.org().0)
        .bind(address)
        .bind(kind.as_str())
        .bind(choice.as_str())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("mail_choices.set"))?;
    Ok(())
}
