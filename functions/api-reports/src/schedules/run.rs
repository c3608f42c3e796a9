//! `POST /v1/report-schedules/{id}/run-now`

use chrono::Utc;
use data::{
    Tenant, organizations, owners, report_runs,
    report_runs::{Begun, NewRun, Run},
    report_schedules,
    report_schedules::Schedule,
    reports,
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
        let mut tenant = ctx.database.tenant(&principal).await?;
        let schedule = runnable(&mut tenant, request.path("id")?).await?;
        let (_, fiscal_begins) = organizations::calendar(&mut tenant).await?;
        let new = schedule
            .run(Utc::now(), Trigger::RunNow, fiscal_begins)
            .map_err(|error| ApiError::conflict(error.code, error.message))?;
        start(ctx, &request, tenant, &schedule, &new).await
    })
}

/// A schedule whose owner still may do what it does.
pub(super) async fn runnable(tenant: &mut Tenant, id: ReportScheduleId) -> Result<Schedule, ApiError> {
    let schedule = report_schedules::find(tenant, id).await?.ok_or_else(ApiError::not_found)?;
    if let Some(permission) = owners::lacks(tenant, schedule.owner, &schedule.needs()).await? {
        let detail = format!(
            "Whoever it runs for has no permission {permission} any more: resume it to make it yours."
        );
        return Err(ApiError::conflict("owner_lost_rights", detail));
    }
    Ok(schedule)
}

/// Keeps a run, answers with it, and makes its reports.
pub(super) async fn start(
    ctx: &Context,
    request: &Request,
    mut tenant: Tenant,
    schedule: &Schedule,
    new: &NewRun,
) -> Result<Reply, ApiError> {
    let org = tenant.org();
    let mut kept = None;
    let reply = request
        .once_accepted(&mut tenant, async |tenant| {
            if let Some(former) = new.corrects
                && reports::count_outdated(tenant, &[former]).await?.is_empty()
            {
                let message = "Its reports show what the books say now, or have been made again.";
                return Err(ApiError::conflict("run_current", message));
            }
            report_runs::insert(tenant, new).await?;
            let run = report_runs::find(tenant, new.id).await?.ok_or_else(ApiError::not_found)?;
            let event = event(Action::ReportScheduleRun, schedule).with("trigger", new.trigger.as_str());
            request.record(tenant, event);
            kept = Some(run.clone());
            Ok(RunView::new(run, 0))
        })
        .await?;
    tenant.commit().await?;
    if let Some(run) = kept {
        // It stands: whatever fails from here on, `report-dispatch` makes up for.
        match begin(ctx, org, schedule, &run).await {
            Ok(begun) => ctx.wake(&begun.reports).await,
            Err(error) => {
                tracing::warn!(run.id = %run.id, error = format!("{:#}", anyhow::anyhow!(error)), "run not begun")
            }
        }
    }
    Ok(reply)
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
