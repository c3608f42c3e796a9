//! A session: one access token, one refresh token, and what the client is told with them.

use chrono::{DateTime, Duration, Utc};
use data::{
    SecretToken, Tenant,
    audit::Event,
    organizations,
    sessions::{self, Client, NewToken},
    users,
};
use domain::{Action, ActorKind, AuditOutcome, OrgId, SessionId, UserId};
use edge::{
    ApiError,
    http::{Reply, Request, SetCookie, cookies, csrf_hash},
    openapi::Header,
    tokens::{Claims, Kind, LIFETIME_S, Subject},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::tokens::Signer;

/// How long a session lives without being used.
const REFRESH_DAYS: i64 = 30;
const REFRESH_S: i64 = REFRESH_DAYS * 24 * 3600;

/// How tokens reach the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Body,
    /// For a browser client: no script ever holds them.
    Cookies,
}

/// `X-Session`, as the API document describes it.
pub(crate) const HEADER: Header = Header {
    name: "X-Session",
    description: "`cookie`: a browser gets its tokens as cookies that no script can read, and repeats csrf_token in X-CSRF-Token.",
    values: &["body", "cookie"],
};

impl Delivery {
    /// What `X-Session` asks for. No page of another origin can send that header, so nobody is signed in behind their back.
    pub(crate) fn asked(request: &Request) -> Result<Self, ApiError> {
        match request.header("x-session") {
            None | Some("body") => Ok(Self::Body),
            Some("cookie") => Ok(Self::Cookies),
            Some(_) => Err(ApiError::bad_request("invalid_session", "X-Session is cookie or body.")),
        }
    }
}

/// An open session on its way to the client.
#[derive(Debug)]
pub(crate) struct Opened {
    view: SessionView,
    cookies: Vec<SetCookie>,
}

impl Opened {
    pub(crate) fn ok(self) -> Result<Reply, ApiError> {
        Ok(self.cookies.iter().fold(Reply::ok(&self.view)?, Reply::with_cookie))
    }

    pub(crate) fn created(self) -> Result<Reply, ApiError> {
        Ok(self.cookies.iter().fold(Reply::created(&self.view)?, Reply::with_cookie))
    }
}

/// The body of register, login and refresh.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct SessionView {
    #[serde(flatten)]
    tokens: TokensView,
    /// Seconds.
    expires_in: i64,
    user: UserView,
    organization: OrganizationView,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum TokensView {
    Body { access_token: String, token_type: &'static str, refresh_token: String },
    Cookies { csrf_token: String },
}

#[derive(Debug, Serialize, JsonSchema)]
struct UserView {
    id: UserId,
    email: String,
    role: String,
}

#[derive(Debug, Serialize, JsonSchema)]
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
) -> Result<Option<Opened>, ApiError> {
    let delivery = Delivery::asked(request)?;
    let token = SecretToken::new(tenant.org());
    let new = NewToken { hash: &token.hash(), expires_at: refresh_expiry() };
    let session = sessions::open(tenant, user, new, &client(request)).await?;
    let event = Event::new(Action::SignIn).by_user(user).about(user).with("route", request.route());
    request.record(tenant, event.with("session", session.to_string()));
    deliver(tenant, signer, delivery, user, session, token).await
}

/// A sign-in that did not succeed; of whom, if the address is somebody's.
pub(crate) fn refused(user: Option<UserId>, reason: &str) -> Event {
    let event = Event::new(Action::SignIn).outcome(AuditOutcome::Failed).by(ActorKind::Anonymous, None);
    let event = event.with("reason", reason);
    match user {
        Some(user) => event.about(user),
        None => event,
    }
}

/// What an active user is given, with a refresh token that is stored already. `None` when the user is gone.
pub(crate) async fn deliver(
    tenant: &mut Tenant,
    signer: &Signer,
    delivery: Delivery,
    user: UserId,
    session: SessionId,
    token: SecretToken,
) -> Result<Option<Opened>, ApiError> {
    let Some(row) = users::find(tenant, user).await? else { return Ok(None) };
    let Some(organization) = organizations::find(tenant).await? else { return Ok(None) };
    let (role, version) = (row.role.clone(), row.token_version);
    let mut claims = Claims::new(Subject { org: tenant.org(), user, session, role, version }, Utc::now());
    let (tokens, cookies) = match delivery {
        Delivery::Body => {
            let access_token = signer.sign(Kind::Access, &claims)?;
            (
                TokensView::Body { access_token, token_type: "Bearer", refresh_token: token.into_text() },
                Vec::new(),
            )
        }
        Delivery::Cookies => {
            let csrf_token = signer.csrf_token(session);
            claims.csrf = Some(csrf_hash(&csrf_token));
            let access_token = signer.sign(Kind::Access, &claims)?;
            let cookies = vec![
                SetCookie::new(cookies::ACCESS, access_token, LIFETIME_S),
                SetCookie::new(cookies::REFRESH, token.into_text(), REFRESH_S),
                SetCookie::new(cookies::CSRF, csrf_token.clone(), REFRESH_S),
            ];
            (TokensView::Cookies { csrf_token }, cookies)
        }
    };
    let user = UserView { id: user, email: row.email, role: row.role };
    let organization =
        OrganizationView { id: tenant.org(), slug: organization.slug, name: organization.name };
    Ok(Some(Opened { view: SessionView { tokens, expires_in: LIFETIME_S, user, organization }, cookies }))
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

#[cfg(test)]
mod tests;
