//! `PATCH /v1/policies/{id}`

use data::{audit::Event, policies};
use domain::{Action, PolicyId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{Body, View, refused, summary};
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("policies-update", "PATCH /v1/policies/{id}", "Replaces a rule")
        .needs(&[Permission::RolesManage])
        .body::<Body>()
        .if_match()
        .ok::<View>()
}

/// Takes the body in place of the former rule.
///
/// # Errors
/// 404, 422 with every field at fault, 428 and 412 by `If-Match`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let id: PolicyId = request.path("id")?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let former = policies::lock(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(former.version)?;
        let version = former.version + 1;
        let policy = body.checked(&principal, former.id, version, former.created_at)?;
        policies::store(&mut tenant, &policy).await.map_err(refused)?;
        request.record(
            &mut tenant,
            Event::new(Action::PolicyUpdated).about(id).with("policy", summary(&policy)),
        );
        tenant.commit().await?;
        tracing::info!(policy.id = %id, "policy changed");
        Ok(Reply::ok(&View::from(policy))?.with_version(version))
    })
}
