//! `DELETE /v1/policies/{id}`

use data::{audit::Event, policies};
use domain::{Action, PolicyId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("policies-delete", "DELETE /v1/policies/{id}", "Removes a rule")
        .needs(&[Permission::RolesManage])
        .no_content()
}

/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let id: PolicyId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        if !policies::delete(&mut tenant, id).await? {
            return Err(ApiError::not_found());
        }
        request.record(&mut tenant, Event::new(Action::PolicyDeleted).about(id));
        tenant.commit().await?;
        tracing::info!(policy.id = %id, "policy removed");
        Ok(Reply::no_content())
    })
}
