//! `GET /v1/sessions`: where the caller is signed in, or with `user_id` where somebody else is.

use chrono::{DateTime, Utc};
use data::{sessions, users};
use domain::{SessionId, UserId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Context;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    user_id: Option<UserId>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct View {
    id: SessionId,
    created_at: DateTime<Utc>,
    /// When it last got new tokens.
    last_used_at: DateTime<Utc>,
    ip: Option<String>,
    user_agent: Option<String>,
    /// Whether this call belongs to it.
    current: bool,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "sessions-list",
        "GET /v1/sessions",
        "Lists where the caller, or a user the caller manages, is signed in",
    )
    .for_people()
    .query::<Query>()
    .refuses(404, "not_found", "The organisation has no such user.")
    .ok::<Page<View>>()
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.person()?;
        let Query { user_id, limit, cursor } = request.query()?;
        let user = user_id.unwrap_or(principal.user_id);
        if user != principal.user_id {
            request.require(Permission::UsersManage)?;
        }
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.system(principal.org_id).await?;
        if user != principal.user_id && users::find(&mut tenant, user).await?.is_none() {
            return Err(ApiError::not_found());
        }
        let rows = sessions::list(&mut tenant, user, limit.probe(), after).await?;
        let current = request.session_id();
        Reply::ok(&Page::new(rows, limit, |session| session.id).map(|session| View {
            id: session.id,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            ip: session.ip,
            user_agent: session.user_agent,
            current: current == Some(session.id),
        }))
    })
}

#[cfg(test)]
mod tests;
