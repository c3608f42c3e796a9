//! `PATCH /v1/roles/{name}`

use data::{
    audit::{Event, Subject},
    roles::{self, OWNER},
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::View;
use crate::{Context, permissions};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    description: Option<String>,
    permissions: Option<Vec<String>>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("roles-update", "PATCH /v1/roles/{name}", "Changes what a role may")
        .path_text("name", "buyer", "The role's name.")
        .needs(&[Permission::RolesManage])
        .body::<Body>()
        .if_match()
        .ok::<View>()
        .refuses(409, "owner_role_fixed", "The owner may do everything, always.")
}

/// Changes what a role may, for everybody who has it and at once.
///
/// # Errors
/// 404 for an unknown name, 409 for the owner's role, 422 with every field at fault, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let name: String = request.path("name")?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let role = roles::lock(&mut tenant, &name).await?.ok_or_else(ApiError::not_found)?;
        if role.name == OWNER {
            return Err(super::owner_is_fixed());
        }
        request.if_match(role.version)?;
        let mut fields = Vec::new();
        let description = match &body.description {
            Some(text) => super::description(text, &mut fields),
            None => role.description,
        };
        let permissions = match &body.permissions {
            Some(words) => permissions::checked(words, &principal, "/permissions", &mut fields),
            None => role.permissions,
        };
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        roles::update(&mut tenant, &name, &description, &permissions).await?;
        let role = roles::lock(&mut tenant, &name).await?.ok_or_else(ApiError::not_found)?;
        request.record(
            &mut tenant,
            Event::new(Action::RoleUpdated)
                .about(Subject::new("role", &name))
                .with("permissions", role.permissions.clone()),
        );
        tenant.commit().await?;
        tracing::info!(role = name, "role changed");
        let version = role.version;
        Ok(Reply::ok(&View::from(role))?.with_version(version))
    })
}
