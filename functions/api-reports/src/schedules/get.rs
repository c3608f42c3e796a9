//! `GET /v1/report-schedules/{id}`

use data::report_schedules;
use domain::ReportScheduleId;
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::View;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "report-schedules-get",
        "GET /v1/report-schedules/{id}",
        "Shows a schedule and when it is due next",
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
        let schedule = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let version = schedule.version;
        Ok(Reply::ok(&View::from(schedule))?.with_version(version))
    })
}
