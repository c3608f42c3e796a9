//! `POST /v1/alerts/{id}/resume`

use chrono::Utc;
use data::{alerts, organizations};
use domain::{Action, AlertId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, view, wish};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("alerts-resume", "POST /v1/alerts/{id}/resume", "Watches a paused or stopped figure again")
        .details("From the last period that is over, for whoever resumes it.")
        .needs(&[Permission::AnalyticsRead])
        .refuses(409, "changed_meanwhile", "Somebody else changed it at the same time.")
        .ok::<View>()
}

/// # Errors
/// 404 for an id that does not exist here; 403 for what the caller may not see or do.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: AlertId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let former = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let version = former.version;
        let today = organizations::day_at(&mut tenant, Utc::now()).await?;
        let wish = wish::resumed(&principal, former, today)?;
        if !alerts::update(&mut tenant, id, version, &wish).await? {
            return Err(ApiError::conflict(
                "changed_meanwhile",
                "Somebody else changed it just now: look at it again.",
            ));
        }
        let alert = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::AlertUpdated, &alert).with("active", true));
        let version = alert.version;
        let view = view(&mut tenant, alert).await?;
        tenant.commit().await?;
        Ok(Reply::ok(&view)?.with_version(version))
    })
}
