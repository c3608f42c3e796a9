//! `PATCH /v1/report-schedules/{id}`

use chrono::Utc;
use data::report_schedules;
use domain::{Action, ReportScheduleId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, wish::Change};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("report-schedules-update", "PATCH /v1/report-schedules/{id}", "Changes a schedule")
        .details("Whoever changes it is its owner from then on: it runs under the rights of this one.")
        .needs(&[Permission::ReportsWrite])
        .body::<Change>()
        .if_match()
        .ok::<View>()
}

/// # Errors
/// 404, 422 with the field at fault, 403 for what the caller may not see, 428 and 412 by `If-Match`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let id: ReportScheduleId = request.path("id")?;
        let change: Change = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let former = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.if_match(former.version)?;
        let version = former.version;
        let wish = change.read(&mut tenant, &principal, former, Utc::now()).await?;
        if !report_schedules::update(&mut tenant, id, version, &wish).await? {
            return Err(ApiError::precondition_failed());
        }
        let schedule = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::ReportScheduleUpdated, &schedule));
        tenant.commit().await?;
        let version = schedule.version;
        Ok(Reply::ok(&View::from(schedule))?.with_version(version))
    })
}
