//! Sessions: one login each. A session lives on refresh tokens that are used once; one that comes back ends it.

use chrono::{DateTime, Utc};
use domain::{SessionId, UserId};
use sqlx::{FromRow, types::Uuid};

use crate::{Error, Result, Tenant, TokenHash};

/// Longest user agent kept, in characters.
const USER_AGENT_CHARS_MAX: usize = 300;

/// From where a session is used. Both are what somebody else said: shown, never trusted.
#[derive(Debug, Clone, Default)]
pub struct Client {
    pub ip: Option<String>,
    pub user_agent: Option<String>,
}

/// A refresh token to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    pub hash: &'a TokenHash,
    pub expires_at: DateTime<Utc>,
}

/// What became of a rotation. All but `Rotated` end in 401.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The old token is used up, the new one counts.
    Rotated { user_id: UserId, session_id: SessionId },
    /// The token was used up before, so two parties hold it: the session is ended. Commit, or it is not.
    Reused { user_id: UserId },
    /// Never issued here, expired, or of an ended session.
    Unknown,
}

/// A session that can still be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
}

/// Opens a session with its first refresh token.
///
/// # Errors
/// When the database fails.
pub async fn open(
    tenant: &mut Tenant,
    user: UserId,
    token: NewToken<'_>,
    client: &Client,
) -> Result<SessionId> {
    let id = SessionId::new();
    sqlx::query("INSERT INTO sessions (id, org_id, user_id, ip, user_agent) VALUES ($1, $2, $3, $4, $5)")
        .bind(id.0)
        .bind(tenant.org().0)
        .bind(user.0)
        .bind(client.ip.as_deref())
        .bind(client.shown_user_agent())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("sessions.open"))?;
    store(tenant, user.0, id.0, token).await?;
    Ok(id)
}

/// Uses up the old token and stores the new one in its session. Concurrent calls with one token: the first rotates,
/// the others are reuse.
///
/// # Errors
/// When the database fails.
pub async fn rotate(
    tenant: &mut Tenant,
    old: &TokenHash,
    new: NewToken<'_>,
    client: &Client,
) -> Result<Rotation> {
    let session: Option<Uuid> =
        sqlx::query_scalar("SELECT session_id FROM refresh_tokens WHERE token_hash = $1")
            .bind(&old[..])
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("sessions.find_by_token"))?;
    let Some(session) = session else { return Ok(Rotation::Unknown) };
    // The user first, as everywhere: who removes a user locks the user and then the sessions.
    sqlx::query("SELECT FROM users WHERE id = (SELECT user_id FROM sessions WHERE id = $1) FOR KEY SHARE")
        .bind(session)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("sessions.lock_user"))?;
    // Rotations and endings of one session take turns from here on; what is read below is what the one before left.
    sqlx::query("SELECT FROM sessions WHERE id = $1 FOR NO KEY UPDATE")
        .bind(session)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("sessions.lock"))?;
    let (user, rotated, alive): (Uuid, bool, bool) = sqlx::query_as(
        "SELECT t.user_id, t.rotated_at IS NOT NULL, s.ended_at IS NULL AND t.expires_at > now()
         FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
         WHERE t.token_hash = $1",
    )
    .bind(&old[..])
    .fetch_one(&mut **tenant)
    .await
    .map_err(Error::query("sessions.find_token"))?;
    let (user_id, session_id) = (UserId(user), SessionId(session));
    if rotated {
        end(tenant, user_id, session_id).await?;
        return Ok(Rotation::Reused { user_id });
    }
    if !alive {
        return Ok(Rotation::Unknown);
    }
    sqlx::query("UPDATE refresh_tokens SET rotated_at = now() WHERE token_hash = $1")
        .bind(&old[..])
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("sessions.use_up"))?;
    sqlx::query("UPDATE sessions SET last_used_at = now(), ip = $2, user_agent = $3 WHERE id = $1")
        .bind(session)
        .bind(client.ip.as_deref())
        .bind(client.shown_user_agent())
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("sessions.use"))?;
    store(tenant, user, session, new).await?;
    Ok(Rotation::Rotated { user_id, session_id })
}

/// The user's sessions that can still be used, newest first, after the one at the cursor.
///
/// # Errors
/// When the database fails.
pub async fn list(
    tenant: &mut Tenant,
    user: UserId,
    limit: u32,
    after: Option<SessionId>,
) -> Result<Vec<Session>> {
    #[derive(FromRow)]
    struct Row {
        id: Uuid,
        ip: Option<String>,
        user_agent: Option<String>,
        created_at: DateTime<Utc>,
        last_used_at: DateTime<Utc>,
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, ip, user_agent, created_at, last_used_at FROM sessions s
         WHERE user_id = $1 AND ended_at IS NULL AND ($2::uuid IS NULL OR id < $2)
             AND EXISTS (SELECT FROM refresh_tokens t
                 WHERE t.org_id = s.org_id AND t.session_id = s.id AND t.rotated_at IS NULL AND t.expires_at > now())
         ORDER BY id DESC
         LIMIT $3",
    )
    .bind(user.0)
    .bind(after.map(|id| id.0))
    .bind(i64::from(limit))
    .fetch_all(&mut **tenant)
    .await
    .map_err(Error::query("sessions.list"))?;
    Ok(rows
        .into_iter()
        .map(|row| Session {
            id: SessionId(row.id),
            ip: row.ip,
            user_agent: row.user_agent,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
        .collect())
}

/// Whose session this is, if it has not ended.
///
/// # Errors
/// When the database fails.
pub async fn find_user(tenant: &mut Tenant, session: SessionId) -> Result<Option<UserId>> {
    let user: Option<Uuid> =
        sqlx::query_scalar("SELECT user_id FROM sessions WHERE id = $1 AND ended_at IS NULL")
            .bind(session.0)
            .fetch_optional(&mut **tenant)
            .await
            .map_err(Error::query("sessions.find_user"))?;
    Ok(user.map(UserId))
}

/// Ends a session of this user; `false` when there is none that could be ended.
///
/// # Errors
/// When the database fails.
pub async fn end(tenant: &mut Tenant, user: UserId, session: SessionId) -> Result<bool> {
    let ended = sqlx::query(
        "UPDATE sessions SET ended_at = now() WHERE id = $1 AND user_id = $2 AND ended_at IS NULL",
    )
    .bind(session.0)
    .bind(user.0)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("sessions.end"))?;
    Ok(ended.rows_affected() == 1)
}

/// Ends the session a refresh token belongs to, if it is one of this user.
///
/// # Errors
/// When the database fails.
pub async fn end_of_token(tenant: &mut Tenant, user: UserId, hash: &TokenHash) -> Result<()> {
    sqlx::query(
        "UPDATE sessions SET ended_at = now()
         WHERE user_id = $1 AND ended_at IS NULL
             AND id = (SELECT session_id FROM refresh_tokens WHERE token_hash = $2)",
    )
    .bind(user.0)
    .bind(&hash[..])
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("sessions.end_of_token"))?;
    Ok(())
}

/// Ends all sessions of a user but, perhaps, one.
///
/// # Errors
/// When the database fails.
pub async fn end_all(tenant: &mut Tenant, user: UserId, except: Option<SessionId>) -> Result<()> {
    sqlx::query(
        // In one order, so that two of these never wait for each other.
        "UPDATE sessions SET ended_at = now() WHERE id IN (
             SELECT id FROM sessions WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2
             ORDER BY id FOR NO KEY UPDATE)",
    )
    .bind(user.0)
    .bind(except.map(|id| id.0))
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("sessions.end_all"))?;
    Ok(())
}

async fn store(tenant: &mut Tenant, user: Uuid, session: Uuid, token: NewToken<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO refresh_tokens (org_id, user_id, session_id, token_hash, expires_at)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(tenant.org().0)
    .bind(user)
    .bind(session)
    .bind(&token.hash[..])
    .bind(token.expires_at)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("sessions.store_token"))?;
    Ok(())
}

impl Client {
    /// Its beginning, without what Postgres or a terminal would choke on.
    fn shown_user_agent(&self) -> Option<String> {
        let text = self.user_agent.as_deref().map(domain::visible_line)?;
        Some(text.chars().take(USER_AGENT_CHARS_MAX).collect())
    }
}
