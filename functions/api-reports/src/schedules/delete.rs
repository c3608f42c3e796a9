//! `DELETE /v1/report-schedules/{id}`

use data::report_schedules;
use domain::{Action, ReportScheduleId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::event;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "report-schedules-delete",
        "DELETE /v1/report-schedules/{id}",
        "Removes a schedule and its log",
    )
    .details("Reports that it had made stay.")
    .needs(&[Permission::ReportsWrite])
    .no_content()
}

/// # Errors
/// 404 for an id that does not exist here.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let id: ReportScheduleId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let schedule = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        report_schedules::remove(&mut tenant, id).await?;
        request.record(&mut tenant, event(Action::ReportScheduleDeleted, &schedule));
        tenant.commit().await?;
        Ok(Reply::no_content())
    })
}
