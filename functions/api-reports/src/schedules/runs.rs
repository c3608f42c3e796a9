//! `GET /v1/report-schedules/{id}/runs`

use data::{report_runs, report_schedules, reports};
use domain::{ReportRunId, ReportScheduleId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};

use uuid::Uuid;

use super::RunView;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "report-runs-list",
        "GET /v1/report-schedules/{id}/runs",
        "Lists what became of a schedule's due times, newest first",
    )
    .details("Due times that were missed or could not be run are among them, each with the reason. `outdated` says how many of its reports showed something else than the books say now.")
    .needs(&[Permission::ReportsWrite])
    .query::<Paging>()
    .ok::<Page<RunView>>()
}

/// # Errors
/// 404 for an id that does not exist here; 400 for a cursor at fault.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let id: ReportScheduleId = request.path("id")?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        let rows = report_runs::list(&mut tenant, id, limit.probe(), after).await?;
        let ids: Vec<ReportRunId> = rows.iter().map(|run| ReportRunId(run.id)).collect();
        let outdated = reports::count_outdated(&mut tenant, &ids).await?;
        let counted = |id: Uuid| outdated.get(&ReportRunId(id)).copied().unwrap_or_default();
        Reply::ok(&Page::new(rows, limit, |run| run.id).map(|run| {
            let outdated = counted(run.id);
            RunView::new(run, outdated)
        }))
    })
}
