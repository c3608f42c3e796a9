//! `POST /v1/alerts`

use chrono::Utc;
use data::{alerts, organizations};
use domain::{Action, AlertId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, view, wish::Body};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("alerts-create", "POST /v1/alerts", "Has a figure watched")
        .details(
            "It is looked at when a day, week or month is over and the files of it have come; until then it waits. Each recipient is told of \
             figures as it may see them itself, and not at all of those it may not see. To have others told needs `reports:write` as well.",
        )
        .needs(&[Permission::AnalyticsRead])
        .body::<Body>()
        .once()
        .created::<View>()
        .refuses(409, "too_many_alerts", "The organisation has 500 of them.")
}

/// # Errors
/// 422 with the fields at fault; 403 for what the caller may not see or do; 409 `too_many_alerts`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let today = organizations::day_at(&mut tenant, Utc::now()).await?;
        let wish = body.read(&mut tenant, &principal, today).await?;
        let reply = request
            .once(&mut tenant, async |tenant| {
                let id = AlertId::new();
                if !alerts::insert(tenant, id, &wish).await? {
                    let detail = format!("There are {} alerts: remove one first.", alerts::ALERTS_MAX);
                    return Err(ApiError::conflict("too_many_alerts", detail));
                }
                let alert = alerts::find(tenant, id).await?.ok_or_else(ApiError::not_found)?;
                request.record(tenant, event(Action::AlertCreated, &alert));
                view(tenant, alert).await
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}
