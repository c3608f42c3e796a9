//! `POST /v1/report-schedules/{id}/runs/{run_id}/correct`

use chrono::Utc;
use data::report_runs::{self, NewRun};
use domain::{ReportRunId, metrics::Span, schedule::Trigger};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{RunView, run};
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "report-runs-correct",
        "POST /v1/report-schedules/{id}/runs/{run_id}/correct",
        "Has the reports of a run made again whose figures have changed since",
    )
    .details(
        "Each goes to the readers of the former one, marked as corrected, with what they may see now. It is a run of its own, of the same \
         days.",
    )
    .needs(&[Permission::ReportsWrite])
    .once()
    .accepted::<RunView>()
    .refuses(409, "run_current", "Its reports show what the books say now, or have been made again.")
    .refuses(409, "owner_lost_rights", "Its owner may not see this any more: somebody who may resumes it.")
}

/// # Errors
/// 404 for ids that do not exist here; 409 `run_current`, `owner_lost_rights`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let former: ReportRunId = request.path("run_id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let schedule = run::runnable(&mut tenant, request.path("id")?).await?;
        let of_schedule = report_runs::find(&mut tenant, former).await?;
        let of_schedule = of_schedule.filter(|run| run.schedule_id == schedule.id);
        let corrected = of_schedule.ok_or_else(ApiError::not_found)?;
        let new = NewRun {
            id: ReportRunId::new(),
            schedule: domain::ReportScheduleId(schedule.id),
            due_at: Utc::now(),
            trigger: Trigger::Correction,
            days: Span { from: corrected.first_day, to: corrected.last_day },
            corrects: Some(former),
        };
        run::start(ctx, &request, tenant, &schedule, &new).await
    })
}
