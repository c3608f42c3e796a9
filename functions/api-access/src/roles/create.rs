//! `POST /v1/roles`

use data::{
    audit::{Event, Subject},
    roles,
};
use domain::Action;
use edge::{
    ApiError, Boxed, FieldError, Permission,
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
    name: String,
    #[serde(default)]
    description: String,
    permissions: Vec<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("roles-create", "POST /v1/roles", "Makes a role of permissions that the caller has")
        .needs(&[Permission::RolesManage])
        .body::<Body>()
        .once()
        .refuses(409, "role_exists", "There is a role of this name already.")
        .created::<View>()
}

/// Makes a role of permissions that the caller has.
///
/// # Errors
/// 422 with every field at fault; 409 when the name is taken.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let body: Body = request.json()?;
        let mut fields = Vec::new();
        if !is_name(&body.name) {
            let message =
                "A role's name has 2 to 41 lower-case letters, digits, - and _, the first a letter.";
            fields.push(FieldError::new("/name", "invalid", message));
        }
        let description = super::description(&body.description, &mut fields);
        let permissions = permissions::checked(&body.permissions, &principal, "/permissions", &mut fields);
        if !fields.is_empty() {
            return Err(ApiError::validation(fields));
        }
        let mut tenant = ctx.database.tenant(&principal).await?;
        let reply = request
            .once(&mut tenant, async |tenant| {
                roles::insert(tenant, &body.name, &description, &permissions).await.map_err(|error| {
                    match error.constraint() {
                        Some(roles::NAME_UNIQUE) => {
                            ApiError::conflict("role_exists", "There is a role of this name already.")
                        }
                        _ => error.into(),
                    }
                })?;
                let role = roles::lock(tenant, &body.name).await?.ok_or_else(ApiError::not_found)?;
                request.record(
                    tenant,
                    Event::new(Action::RoleCreated)
                        .about(Subject::new("role", &body.name))
                        .with("permissions", permissions.clone()),
                );
                tracing::info!(role = body.name, "role made");
                Ok(View::from(role))
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}

fn is_name(name: &str) -> bool {
    (2..=41).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}
