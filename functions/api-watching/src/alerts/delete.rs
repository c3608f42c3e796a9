//! `DELETE /v1/alerts/{id}`

use data::alerts;
use domain::{Action, AlertId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{event, not_yours};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("alerts-delete", "DELETE /v1/alerts/{id}", "Removes an alert and its history")
        .needs(&[Permission::AnalyticsRead])
        .no_content()
}

/// # Errors
/// 404 for an id that does not exist here; 403 for an alert of somebody else without `reports:write`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: AlertId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let alert = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if !alerts::remove(&mut tenant, id).await? {
            return Err(not_yours());
        }
        request.record(&mut tenant, event(Action::AlertDeleted, &alert));
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
