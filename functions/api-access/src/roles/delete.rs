//! `DELETE /v1/roles/{name}`

use data::{
    audit::{Event, Subject},
    roles,
};
use domain::Action;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("roles-delete", "DELETE /v1/roles/{name}", "Removes a role that nobody has")
        .path_text("name", "buyer", "The role's name.")
        .needs(&[Permission::RolesManage])
        .refuses(409, "role_built_in", "Roles that every organisation has stay.")
        .refuses(409, "role_in_use", "Somebody has this role: give them another one first.")
        .no_content()
        .refuses(409, "owner_role_fixed", "The owner may do everything, always.")
}

/// Removes a role that nobody has.
///
/// # Errors
/// 404 for an unknown name, 409 for a built-in role or one that somebody has.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let name: String = request.path("name")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let role = roles::lock(&mut tenant, &name).await?.ok_or_else(ApiError::not_found)?;
        if role.built_in {
            return Err(ApiError::conflict("role_built_in", "Roles that every organisation has stay."));
        }
        if role.users > 0 {
            let detail = format!("{} users have this role: give them another one first.", role.users);
            return Err(ApiError::conflict("role_in_use", detail));
        }
        roles::delete(&mut tenant, &name).await?;
        request.record(&mut tenant, Event::new(Action::RoleDeleted).about(Subject::new("role", &name)));
        tenant.commit().await?;
        tracing::info!(role = name, "role removed");
        Ok(Reply::no_content())
    })
}
