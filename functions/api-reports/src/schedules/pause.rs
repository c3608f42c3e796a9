//! `POST /v1/report-schedules/{id}/pause`

use data::report_schedules;
use domain::{Action, ReportScheduleId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "report-schedules-pause",
        "POST /v1/report-schedules/{id}/pause",
        "Runs a schedule no more until it is resumed",
    )
    .needs(&[Permission::ReportsWrite])
    .ok::<View>()
}

/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let id: ReportScheduleId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        report_schedules::pause(&mut tenant, id).await?;
        let schedule = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        request.record(&mut tenant, event(Action::ReportScheduleUpdated, &schedule).with("active", false));
        tenant.commit().await?;
        let version = schedule.version;
        Ok(Reply::ok(&View::from(schedule))?.with_version(version))
    })
}
