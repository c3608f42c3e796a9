//! Lambda authorizer of the HTTP API (REQUEST, payload 2.0, simple answers), kept for 300 s per token by API Gateway.

use data::{
    api_keys::{self, KeyText},
    users,
};
use domain::{ApiKeyId, OrgId, SessionId, UserId};
use serde::{Deserialize, Serialize};

use crate::{
    Context,
    tokens::{self, Claims, Kind},
};

/// What API Gateway asks, as far as the answer depends on it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The values of the identity sources: here the `Authorization` header.
    identity_source: Option<Vec<String>>,
}

/// What API Gateway is told.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    is_authorized: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<Caller>,
}

/// Reaches functions as `requestContext.authorizer.lambda`.
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
    role: String,
    email: String,
    /// Separated by blanks: the context holds no lists.
    permissions: String,
}

/// Denies whatever is not a token of ours for an active user in a living session; fails only when the database does.
pub async fn handle(ctx: &'static Context, event: Event) -> anyhow::Result<Answer> {
    authorize(ctx, &event).await
}

pub(crate) async fn authorize(ctx: &Context, event: &Event) -> anyhow::Result<Answer> {
    let header = event.identity_source.as_deref().unwrap_or_default().first();
    let token = header.and_then(|header| bearer(header));
    let caller = match token {
        Some(token) => caller(ctx, token).await?,
        None => None,
    };
    match &caller {
        Some(caller) => {
            tracing::info!(org.id = %caller.org_id, user.id = %caller.user_id, "caller authorized")
        }
        None => tracing::info!("caller denied"),
    }
    Ok(Answer { is_authorized: caller.is_some(), context: caller })
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

async fn caller(ctx: &Context, token: &str) -> anyhow::Result<Option<Caller>> {
    // Boxed: with the runtime's layers around them, futures nested so deeply would pass the compiler's limit.
    match KeyText::read(token) {
        Some(key) => Box::pin(of_key(ctx, &key)).await,
        None => Box::pin(of_token(ctx, token)).await,
    }
}

/// A key acts for whoever made it, with the rights of its scopes alone; none are left once it has ended.
async fn of_key(ctx: &Context, key: &KeyText) -> anyhow::Result<Option<Caller>> {
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
        role: "api_key".to_owned(),
        email: key.prefix().to_owned(),
        permissions: permissions.join(" "),
    }))
}

async fn of_token(ctx: &Context, token: &str) -> anyhow::Result<Option<Caller>> {
    let mut service = ctx.database.service().await?;
    let claims = tokens::read(&mut service, Kind::Access, token).await?;
    let Some(Claims { org, sub, sid, ver, .. }) = claims else { return Ok(None) };
    let user = users::find_principal(&mut service, org, sub, sid).await?;
    // Role and rights of today, not those of the token.
    Ok(user.filter(|user| user.token_version == ver).map(|user| Caller {
        org_id: org,
        user_id: sub,
        session_id: Some(sid),
        key_id: None,
        role: user.role,
        email: user.email,
        permissions: user.permissions.join(" "),
    }))
}

#[cfg(test)]
mod tests;
