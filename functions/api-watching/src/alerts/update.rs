//! `PATCH /v1/alerts/{id}`

use chrono::Utc;
use data::{alerts, organizations};
use domain::{Action, AlertId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, view, wish::Change};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("alerts-update", "PATCH /v1/alerts/{id}", "Changes an alert")
        .details("Whoever changes it is its owner from then on. Periods that were judged stay judged.")
        .needs(&[Permission::AnalyticsRead])
        .body::<Change>()
        .if_match()
        .ok::<View>()
}

/// # Errors
/// 404, 422 with the fields at fault, 403 for what the caller may not see or do, 428 and 412 by `If-Match`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let id: AlertId = request.path("id")?;
        let change: Change = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let former = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(former.version)?;
        let version = former.version;
        let today = organizations::day_at(&mut tenant, Utc::now()).await?;
        let wish = change.read(&mut tenant, &principal, former, today).await?;
        if !alerts::update(&mut tenant, id, version, &wish).await? {
            return Err(ApiError::precondition_failed());
        }
        let alert = alerts::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::AlertUpdated, &alert));
        let version = alert.version;
        let view = view(&mut tenant, alert).await?;
        tenant.commit().await?;
        Ok(Reply::ok(&view)?.with_version(version))
    })
}
