//! `POST /v1/alerts/{id}/pause`

use data::alerts;
use domain::{Action, AlertId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, not_yours, view};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "alerts-pause",
        "POST /v1/alerts/{id}/pause",
        "Watches a figure no more until it is resumed",
    )
    .needs(&[Permission::AnalyticsRead])
    .ok::<View>()
}

/// # Errors
/// 404 for an id that does not exist here; 403 for an alert of somebody else without `reports:write`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: AlertId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if !alerts::pause(&mut tenant, id).await? {
            return Err(not_yours());
        }
        let alert = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::AlertUpdated, &alert).with("active", false));
        let version = alert.version;
        let view = view(&mut tenant, alert).await?;
        tenant.commit().await?;
        Ok(Reply::ok(&view)?.with_version(version))
    })
}
