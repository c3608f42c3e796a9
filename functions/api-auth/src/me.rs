//! `GET /v1/me`: who the caller is and what the caller may do.

use data::{organizations, users};
use domain::{ApiKeyId, UserId};
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Context, session::OrganizationView};

#[derive(Serialize, JsonSchema)]
struct View {
    /// Of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserView>,
    /// Of a machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    api_key: Option<KeyView>,
    permissions: Vec<String>,
    organization: OrganizationView,
}

#[derive(Serialize, JsonSchema)]
struct UserView {
    id: UserId,
    email: String,
    full_name: Option<String>,
    role: String,
    email_verified: bool,
    mfa_enabled: bool,
}

#[derive(Serialize, JsonSchema)]
struct KeyView {
    id: ApiKeyId,
    prefix: String,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("auth-me", "GET /v1/me", "Says who the caller is and what the caller may do").ok::<View>()
}

pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.principal()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        // A key is not told whose it is.
        let user = match principal.key_id {
            Some(_) => None,
            None => Some(users::find(&mut tenant, principal.user_id).await?.ok_or_else(ApiError::not_found)?),
        };
        let organization = organizations::find(&mut tenant).await?.ok_or_else(ApiError::not_found)?;
        Reply::ok(&View {
            user: user.map(|user| UserView {
                id: principal.user_id,
                email: user.email,
                full_name: user.full_name,
                role: user.role,
                email_verified: user.email_verified,
                mfa_enabled: user.mfa_enabled,
            }),
            api_key: principal.key_id.map(|id| KeyView { id, prefix: principal.email.clone() }),
            permissions: users::rights(&mut tenant).await?,
            organization: OrganizationView {
                id: principal.org_id,
                slug: organization.slug,
                name: organization.name,
            },
        })
    })
}

#[cfg(test)]
mod tests;
