//! `POST /v1/report-schedules/{id}/resume`

use chrono::Utc;
use data::report_schedules;
use domain::{Action, ReportScheduleId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, wish};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("report-schedules-resume", "POST /v1/report-schedules/{id}/resume", "Runs a paused or stopped schedule again")
        .details("From its next due time on, under the rights of whoever resumes it. What it missed meanwhile stays missed.")
        .needs(&[Permission::ReportsWrite])
        .refuses(409, "changed_meanwhile", "Somebody else changed it at the same time.")
        .ok::<View>()
}

/// # Errors
/// 404 for an id that does not exist here; 403 for what the caller may not see.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let id: ReportScheduleId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let former = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let version = former.version;
        let wish = wish::resumed(&principal, former, Utc::now())?;
        if !report_schedules::update(&mut tenant, id, version, &wish).await? {
            return Err(ApiError::conflict(
                "changed_meanwhile",
                "Somebody else changed it just now: look at it again.",
            ));
        }
        let schedule = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::ReportScheduleUpdated, &schedule).with("active", true));
        tenant.commit().await?;
        let version = schedule.version;
        Ok(Reply::ok(&View::from(schedule))?.with_version(version))
    })
}
