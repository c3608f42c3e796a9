//! `DELETE /v1/api-keys/{id}`

use data::{api_keys, audit::Event};
use domain::{Action, ApiKeyId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("api-keys-revoke", "DELETE /v1/api-keys/{id}", "Ends a key at once")
        .needs(&[Permission::KeysManage])
        .no_content()
}

/// Ends a key at once: the database refuses it from its next statement on.
///
/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::KeysManage)?;
        let id: ApiKeyId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let key = api_keys::lock(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        api_keys::revoke(&mut tenant, id).await?;
        request.record(&mut tenant, Event::new(Action::ApiKeyRevoked).about(id));
        tenant.commit().await?;
        tracing::info!(key.prefix = key.prefix, "API key revoked");
        Ok(Reply::no_content())
    })
}
