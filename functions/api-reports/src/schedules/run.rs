//! `POST /v1/report-schedules/{id}/run-now`

use chrono::Utc;
use data::{
    organizations, owners, report_runs,
    report_runs::{Begun, Run},
    report_schedules,
    report_schedules::Schedule,
};
use domain::{Action, OrgId, ReportScheduleId, schedule::Trigger};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{RunView, event};
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("report-schedules-run", "POST /v1/report-schedules/{id}/run-now", "Has a schedule run now, as if it were due today")
        .details("Everybody gets what they would get at a due time, paused or not. When it is due next does not change.")
        .needs(&[Permission::ReportsWrite])
        .once()
        .accepted::<RunView>()
        .refuses(409, "owner_lost_rights", "Its owner may not see this any more: somebody who may resumes it.")
}

/// # Errors
/// 404 for an id that does not exist here; 409 `owner_lost_rights`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let id: ReportScheduleId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let schedule = report_schedules::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if let Some(permission) = owners::lacks(&mut tenant, schedule.owner, &schedule.needs()).await? {
            let detail = format!(
                "Whoever it runs for has no permission {permission} any more: resume it to make it yours."
            );
            return Err(ApiError::conflict("owner_lost_rights", detail));
        }
        let (_, fiscal_begins) = organizations::calendar(&mut tenant).await?;
        let new = schedule
            .run(Utc::now(), Trigger::RunNow, fiscal_begins)
            .map_err(|error| ApiError::conflict(error.code, error.message))?;
        let mut kept = None;
        let reply = request
            .once_accepted(&mut tenant, async |tenant| {
                report_runs::insert(tenant, &new).await?;
                let run = report_runs::find(tenant, new.id).await?.ok_or_else(ApiError::not_found)?;
                request.record(
                    tenant,
                    event(Action::ReportScheduleRun, &schedule).with("trigger", Trigger::RunNow.as_str()),
                );
                kept = Some(run.clone());
                Ok(RunView::from(run))
            })
            .await?;
        tenant.commit().await?;
        if let Some(run) = kept {
            // It stands: whatever fails from here on, `report-dispatch` makes up for.
            match begin(ctx, principal.org_id, &schedule, &run).await {
                Ok(begun) => ctx.wake(&begun.reports).await,
                Err(error) => {
                    tracing::warn!(run.id = %run.id, error = format!("{:#}", anyhow::anyhow!(error)), "run not begun")
                }
            }
        }
        Ok(reply)
    })
}

/// Makes the reports of a run in a transaction of the system: they are under the rights of others than the caller.
async fn begin(ctx: &Context, org: OrgId, schedule: &Schedule, run: &Run) -> Result<Begun, data::Error> {
    let mut tenant = ctx.database.system(org).await?;
    let Some(run) = report_runs::claim(&mut tenant, domain::ReportRunId(run.id)).await? else {
        return Ok(Begun::default());
    };
    let begun = report_runs::begin(&mut tenant, schedule, &run).await?;
    tenant.commit().await?;
    Ok(begun)
}
