//! A session: one access token, one refresh token, and what the client is told with them.

use chrono::{DateTime, Duration, Utc};
use data::{
    SecretToken, Tenant, organizations,
    sessions::{self, Client, NewToken},
    users,
};
use domain::{OrgId, SessionId, UserId};
use edge::{ApiError, http::Request};
use serde::Serialize;

use crate::tokens::{Claims, Kind, LIFETIME_S, Signer, Subject};

/// How long a session lives without being used.
const REFRESH_DAYS: i64 = 30;

/// The body of register, login and refresh.
#[derive(Debug, Serialize)]
pub(crate) struct SessionView {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    refresh_token: String,
    user: UserView,
    organization: OrganizationView,
}

#[derive(Debug, Serialize)]
struct UserView {
    id: UserId,
    email: String,
    role: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct OrganizationView {
    pub(crate) id: OrgId,
    pub(crate) slug: String,
    pub(crate) name: String,
}

pub(crate) fn refresh_expiry() -> DateTime<Utc> {
    Utc::now() + Duration::days(REFRESH_DAYS)
}

/// Opens a session for an active user. `None` when the user is gone.
pub(crate) async fn open(
    tenant: &mut Tenant,
    signer: &Signer,
    user: UserId,
    request: &Request,
) -> Result<Option<SessionView>, ApiError> {
    let token = SecretToken::new(tenant.org());
    let new = NewToken { hash: &token.hash(), expires_at: refresh_expiry() };
    let session = sessions::open(tenant, user, new, &client(request)).await?;
    view(tenant, signer, user, session, token).await
}

/// What an active user is given, with a refresh token that is stored already. `None` when the user is gone.
pub(crate) async fn view(
    tenant: &mut Tenant,
    signer: &Signer,
    user: UserId,
    session: SessionId,
    token: SecretToken,
) -> Result<Option<SessionView>, ApiError> {
    let Some(row) = users::find(tenant, user).await? else { return Ok(None) };
    let Some(organization) = organizations::find(tenant).await? else { return Ok(None) };
    let (role, version) = (row.role.clone(), row.token_version);
    let subject = Subject { org: tenant.org(), user, session, role, version };
    Ok(Some(SessionView {
        access_token: signer.sign(Kind::Access, &Claims::new(subject, Utc::now()))?,
        token_type: "Bearer",
        expires_in: LIFETIME_S,
        refresh_token: token.into_text(),
        user: UserView { id: user, email: row.email, role: row.role },
        organization: OrganizationView { id: tenant.org(), slug: organization.slug, name: organization.name },
    }))
}

/// One answer for a token of a mail that is unknown, used, expired, of another purpose or of another organisation.
pub(crate) fn invalid_token() -> ApiError {
    ApiError::unauthorized("invalid_token", "This link is not valid any more; ask for a new one.")
}

/// From where a request came.
pub(crate) fn client(request: &Request) -> Client {
    Client {
        ip: request.source_ip().map(str::to_owned),
        user_agent: request.header("user-agent").map(str::to_owned),
    }
}
