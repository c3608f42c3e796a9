//! `POST /v1/policies`

use chrono::Utc;
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
    Operation::new("policies-create", "POST /v1/policies", "Adds a rule")
        .details("It holds from the next statement of whomever it is about.")
        .needs(&[Permission::RolesManage])
        .body::<Body>()
        .once()
        .created::<View>()
}

/// Adds a rule. It holds from the next statement of whomever it is about.
///
/// # Errors
/// 422 with every field at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::RolesManage)?;
        let body: Body = request.json()?;
        let policy = body.checked(&principal, PolicyId::new().0, 1, Utc::now())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let reply = request
            .once(&mut tenant, async |tenant| {
                policies::store(tenant, &policy).await.map_err(refused)?;
                request.record(
                    tenant,
                    Event::new(Action::PolicyCreated)
                        .about(PolicyId(policy.id))
                        .with("policy", summary(&policy)),
                );
                tracing::info!(policy.id = %policy.id, "policy made");
                Ok(View::from(policy))
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}
