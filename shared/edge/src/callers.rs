//! Who calls, by what a request presents: asked by the authorizer of the HTTP API, and by functions that no gateway stands before.

use data::{
    Database,
    api_keys::{self, KeyText},
    users,
};
use domain::{ApiKeyId, OrgId, SessionId, UserId};
use serde::Serialize;

use crate::{
    http::{Cookies, cookies},
    tokens::{self, Claims, Kind},
};

/// A token, and where it stood.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    Bearer(&'a str),
    Cookie(&'a str),
}

impl<'a> Presented<'a> {
    /// Who sends `Authorization` means it: cookies beside it are not looked at, not even when it is wrong.
    pub fn of(authorizations: impl IntoIterator<Item = &'a str>, cookies: &Cookies<'a>) -> Option<Self> {
        let mut authorizations = authorizations.into_iter();
        match (authorizations.next(), authorizations.next()) {
            (Some(one), None) => bearer(one).map(Self::Bearer),
            (Some(_), Some(_)) => None,
            (None, _) => cookies.one(cookies::ACCESS).map(Self::Cookie),
        }
    }
}

/// Somebody who calls, as `requestContext.authorizer.lambda` says it.
#[derive(Debug, Serialize)]
pub struct Caller {
    org_id: OrgId,
    user_id: UserId,
    /// Of an access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<SessionId>,
    /// Of a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<ApiKeyId>,
    /// Of an access token in a cookie: recognises the token against forgery.
    #[serde(skip_serializing_if = "Option::is_none")]
    csrf: Option<String>,
    role: String,
    email: String,
    /// Separated by blanks: the context holds no lists.
    permissions: String,
}

/// Nobody calls unless the token is one of ours for an active user in a living session, or a key that has not ended.
///
/// # Errors
/// When the database fails.
pub async fn of(database: &Database, presented: Option<Presented<'_>>) -> data::Result<Option<Caller>> {
    // Boxed: with the runtime's layers around them, futures nested so deeply would pass the compiler's limit.
    let caller = match presented {
        Some(Presented::Bearer(text)) => match KeyText::read(text) {
            Some(key) => Box::pin(of_key(database, &key)).await?,
            None => Box::pin(of_token(database, text)).await?.filter(|caller| caller.csrf.is_none()),
        },
        Some(Presented::Cookie(text)) => {
            Box::pin(of_token(database, text)).await?.filter(|caller| caller.csrf.is_some())
        }
        None => None,
    };
    match &caller {
        Some(caller) => {
            tracing::info!(org.id = %caller.org_id, user.id = %caller.user_id, "caller authorized");
        }
        None => tracing::info!("nobody calls"),
    }
    Ok(caller)
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// A key acts for whoever made it, with the rights of its scopes alone; none are left once it has ended.
async fn of_key(database: &Database, key: &KeyText) -> data::Result<Option<Caller>> {
    let mut service = database.service().await?;
    let Some(known) = api_keys::find(&mut service, key.prefix()).await? else { return Ok(None) };
    let Some(permissions) = known.permissions.filter(|_| known.secret_hash == key.hash()) else {
        return Ok(None);
    };
    api_keys::touch(&mut service, key.prefix()).await?;
    Ok(Some(Caller {
        org_id: known.org_id,
        user_id: known.created_by,
        session_id: None,
        key_id: Some(known.id),
        csrf: None,
        role: "api_key".to_owned(),
        email: key.prefix().to_owned(),
        permissions: permissions.join(" "),
    }))
}

async fn of_token(database: &Database, token: &str) -> data::Result<Option<Caller>> {
    let mut service = database.service().await?;
    let claims = tokens::read(&mut service, Kind::Access, token).await?;
    let Some(Claims { org, sub, sid, ver, csrf, .. }) = claims else { return Ok(None) };
    let user = users::find_principal(&mut service, org, sub, sid).await?;
    // Role and rights of today, not those of the token.
    Ok(user.filter(|user| user.token_version == ver).map(|user| Caller {
        org_id: org,
        user_id: sub,
        session_id: Some(sid),
        key_id: None,
        csrf,
        role: user.role,
        email: user.email,
        permissions: user.permissions.join(" "),
    }))
}
