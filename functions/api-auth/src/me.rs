//! `GET /v1/me`: who the caller is and what the caller may do.

use data::{organizations, users};
use domain::UserId;
use edge::{
    ApiError,
    http::{Reply, Request},
};
use serde::Serialize;

use crate::{Context, session::OrganizationView};

#[derive(Serialize)]
struct View {
    user: UserView,
    permissions: Vec<String>,
    organization: OrganizationView,
}

#[derive(Serialize)]
struct UserView {
    id: UserId,
    email: String,
    full_name: Option<String>,
    role: String,
    email_verified: bool,
    mfa_enabled: bool,
}

pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.principal()?;
    let mut tenant = ctx.database.tenant(&principal).await?;
    let user = users::find(&mut tenant, principal.user_id).await?.ok_or_else(ApiError::not_found)?;
    let organization = organizations::find(&mut tenant).await?.ok_or_else(ApiError::not_found)?;
    Reply::ok(&View {
        user: UserView {
            id: principal.user_id,
            email: user.email,
            full_name: user.full_name,
            role: user.role,
            email_verified: user.email_verified,
            mfa_enabled: user.mfa_enabled,
        },
        permissions: users::rights(&mut tenant).await?,
        organization: OrganizationView {
            id: principal.org_id,
            slug: organization.slug,
            name: organization.name,
        },
    })
}

#[cfg(test)]
mod tests;
