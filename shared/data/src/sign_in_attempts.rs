//! Sign-ins at identity providers that were begun and have not come back: known by hashes, used up once, good for ten minutes.

use domain::{OrgId, SessionId, UserId};
use sqlx::{FromRow, PgConnection, types::Uuid};

use crate::{Error, Result, TokenHash};

/// One to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewAttempt<'a> {
    pub state: &'a TokenHash,
    /// Of what the browser keeps.
    pub binding: &'a TokenHash,
    pub provider: &'a str,
    pub nonce: &'a str,
    pub verifier: &'a str,
    pub linking: Option<Linking>,
}

/// Somebody who is signed in links an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linking {
    pub org: OrgId,
    pub user: UserId,
    pub session: SessionId,
}

/// One that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub nonce: String,
    pub verifier: String,
    pub linking: Option<Linking>,
}

/// # Errors
/// When the database fails.
pub async fn begin(service: &mut PgConnection, new: &NewAttempt<'_>) -> Result<()> {
    sqlx::query("SELECT service.begin_sign_in($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(&new.state[..])
        .bind(&new.binding[..])
        .bind(new.provider)
        .bind(new.nonce)
        .bind(new.verifier)
        .bind(new.linking.map(|linking| linking.org.0))
        .bind(new.linking.map(|linking| linking.user.0))
        .bind(new.linking.map(|linking| linking.session.0))
        .execute(service)
        .await
        .map_err(Error::query("sign_in_attempts.begin"))?;
    Ok(())
}

/// Uses one up; `None` when there is none of this state for this browser and provider, or not any more.
///
/// # Errors
/// When the database fails.
pub async fn take(
    service: &mut PgConnection,
    state: &TokenHash,
    binding: &TokenHash,
    provider: &str,
) -> Result<Option<Attempt>> {
    #[derive(FromRow)]
    struct Row {
        nonce: String,
        verifier: String,
        linking_org: Option<Uuid>,
        linking_user: Option<Uuid>,
        linking_session: Option<Uuid>,
    }
    let row: Option<Row> = sqlx::query_as("SELECT * FROM service.take_sign_in($1, $2, $3)")
        .bind(&state[..])
        .bind(&binding[..])
        .bind(provider)
        .fetch_optional(service)
        .await
        .map_err(Error::query("sign_in_attempts.take"))?;
    Ok(row.map(|row| {
        let linking = row.linking_org.zip(row.linking_user).zip(row.linking_session);
        let linking = linking.map(|((org, user), session)| Linking {
            org: OrgId(org),
            user: UserId(user),
            session: SessionId(session),
        });
        Attempt { nonce: row.nonce, verifier: row.verifier, linking }
    }))
}
