//! Lambda authorizer of the HTTP API (REQUEST, payload 2.0, simple answers), asked for every request.
//!
//! It says who calls and refuses nobody: whoever has no business in a route is refused by `edge::http`, in the one shape that
//! errors have.

use std::collections::HashMap;

use data::{
    api_keys::{self, KeyText},
    users,
};
use domain::{ApiKeyId, OrgId, SessionId, UserId};
use edge::{
    DatabaseContext,
    http::{Cookies, cookies},
};
use serde::{Deserialize, Serialize};

use crate::tokens::{self, Claims, Kind};

/// What API Gateway asks, as far as the answer depends on it.
#[derive(Deserialize)]
pub struct Event {
    headers: Option<HashMap<String, String>>,
    /// The `Cookie` header, in pieces.
    cookies: Option<Vec<String>>,
}

/// A token, and where it stood.
enum Presented<'a> {
    Bearer(&'a str),
    Cookie(&'a str),
}

impl Event {
    /// Who sends `Authorization` means it: cookies beside it are not looked at, not even when it is wrong.
    fn presented(&self) -> Option<Presented<'_>> {
        let header = |name: &'static str| {
            let headers = self.headers.iter().flatten();
            headers
                .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        let mut authorizations = header("authorization");
        match (authorizations.next(), authorizations.next()) {
            (Some(one), None) => bearer(one).map(Presented::Bearer),
            (Some(_), Some(_)) => None,
            (None, _) => {
                let pieces = self.cookies.as_deref().unwrap_or_default();
                let cookies = if pieces.is_empty() {
                    Cookies::read(header("cookie"))
                } else {
                    Cookies::read(pieces.iter().map(String::as_str))
                };
                cookies.one(cookies::ACCESS).map(Presented::Cookie)
            }
        }
    }
}

/// What API Gateway is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Always: see above.
    is_authorized: bool,
    context: Context,
}

/// Reaches functions as `requestContext.authorizer.lambda`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Context {
    Somebody(Box<Caller>),
    /// An empty context might be left out on the way.
    Nobody {
        caller: &'static str,
    },
}

#[derive(Debug, Serialize)]
struct Caller {
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

/// Nobody calls unless the token is one of ours for an active user in a living session; fails only when the database does.
pub async fn handle(ctx: &'static DatabaseContext, event: Event) -> anyhow::Result<Answer> {
    authorize(ctx, &event).await
}

pub(crate) async fn authorize(ctx: &DatabaseContext, event: &Event) -> anyhow::Result<Answer> {
    // Boxed: with the runtime's layers around them, futures nested so deeply would pass the compiler's limit.
    let caller = match event.presented() {
        Some(Presented::Bearer(text)) => match KeyText::read(text) {
            Some(key) => Box::pin(of_key(ctx, &key)).await?,
            None => Box::pin(of_token(ctx, text)).await?.filter(|caller| caller.csrf.is_none()),
        },
        Some(Presented::Cookie(text)) => {
            Box::pin(of_token(ctx, text)).await?.filter(|caller| caller.csrf.is_some())
        }
        None => None,
    };
    let context = match caller {
        Some(caller) => {
            tracing::info!(org.id = %caller.org_id, user.id = %caller.user_id, "caller authorized");
            Context::Somebody(Box::new(caller))
        }
        None => {
            tracing::info!("nobody calls");
            Context::Nobody { caller: "nobody" }
        }
    };
    Ok(Answer { is_authorized: true, context })
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// A key acts for whoever made it, with the rights of its scopes alone; none are left once it has ended.
async fn of_key(ctx: &DatabaseContext, key: &KeyText) -> anyhow::Result<Option<Caller>> {
    let mut service = ctx.database.service().await?;
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

async fn of_token(ctx: &DatabaseContext, token: &str) -> anyhow::Result<Option<Caller>> {
    let mut service = ctx.database.service().await?;
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

#[cfg(test)]
mod tests;
