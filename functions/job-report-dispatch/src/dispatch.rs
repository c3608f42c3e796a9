//! EventBridge schedule: has reports made that are due.

use chrono::{DateTime, Utc};
use data::{
    Tenant,
    audit::{Event, Subject},
    organizations, owners, report_runs,
    report_runs::{Begun, NewRun},
    report_schedules::{self, Schedule},
};
use domain::{
    Action, AuditOutcome, Finding, OrgId, ReportRunId, ReportScheduleId,
    schedule::{self, Cadence, InvalidCadence, Missed, Trigger},
};
use edge::Boxed;
use serde::{Deserialize, Serialize};

use crate::Context;

/// At most this many at once, so that it ends in time; the next one goes on.
const BATCH: i32 = 200;

/// The event's contents do not matter.
#[derive(Debug, Deserialize)]
pub struct Tick {}

/// What became due.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Dispatched {
    pub schedules: u32,
    pub reports: u32,
    /// Schedules that run no more.
    pub stopped: u32,
}

/// Goes once over the schedules of all organisations.
///
/// # Errors
/// When the database fails; the next one does what this one missed.
pub fn dispatch(ctx: &Context, _: Tick) -> Boxed<'_, anyhow::Result<Dispatched>> {
    Box::pin(dispatch_at(ctx, Utc::now()))
}

/// The same at a moment that the caller names.
///
/// # Errors
/// As [`dispatch`].
pub async fn dispatch_at(ctx: &Context, now: DateTime<Utc>) -> anyhow::Result<Dispatched> {
    let (due, queued) = {
        let mut service = ctx.database.service().await?;
        let due = report_schedules::list_due(&mut service, now, BATCH).await?;
        (due, report_runs::list_queued(&mut service, BATCH).await?)
    };
    let mut dispatched = Dispatched::default();
    for (org, id) in due {
        // One that cannot be looked at must not hide the others.
        if let Err(error) = Box::pin(take_up(ctx, org, id, now, &mut dispatched)).await {
            tracing::error!(schedule.id = %id, error = format!("{error:#}"), "schedule not dispatched");
        }
    }
    for (org, id) in queued {
        if let Err(error) = Box::pin(go_on(ctx, org, id, &mut dispatched)).await {
            tracing::error!(run.id = %id, error = format!("{error:#}"), "run not begun");
        }
    }
    tracing::info!(
        schedules = dispatched.schedules,
        reports = dispatched.reports,
        stopped = dispatched.stopped,
        "dispatched"
    );
    Ok(dispatched)
}

/// Everything about one schedule is one transaction: its runs, their reports, and when it is due next. Whatever dies or comes twice, a
/// due time has one run.
async fn take_up(
    ctx: &Context,
    org: OrgId,
    id: ReportScheduleId,
    now: DateTime<Utc>,
    dispatched: &mut Dispatched,
) -> anyhow::Result<()> {
    let mut tenant = ctx.database.system(org).await?;
    let Some(schedule) = report_schedules::claim(&mut tenant, id, now).await? else {
        // Another one has it, or it was changed or paused meanwhile.
        return Ok(());
    };
    let Some(since) = schedule.next_run_at else { return Ok(()) };
    let (_, fiscal_begins) = organizations::calendar(&mut tenant).await?;
    let begun = match Cadence::try_from(&schedule.cadence) {
        Err(error) => stop(&mut tenant, &schedule, None, no_cadence(&error)).await?,
        Ok(cadence) => {
            let needs = schedule.needs();
            match owners::lacks(&mut tenant, schedule.owner, &needs).await? {
                Some(permission) => {
                    let run = schedule.run(since, Trigger::Due, fiscal_begins)?;
                    stop(&mut tenant, &schedule, Some(&run), lost(permission)).await?
                }
                None => {
                    let due = schedule::due(&cadence, schedule.catch_up.0, since, now);
                    let begun = begin(&mut tenant, &schedule, &due, fiscal_begins).await?;
                    report_schedules::advance(&mut tenant, id, due.next).await?;
                    begun
                }
            }
        }
    };
    tenant.commit().await?;
    dispatched.schedules += 1;
    dispatched.stopped += u32::from(begun.reports.is_empty() && !begun.emails.is_empty());
    wake(ctx, &begun, dispatched).await;
    Ok(())
}

/// A run that somebody asked for and that has no reports because a worker died.
async fn go_on(
    ctx: &Context,
    org: OrgId,
    id: ReportRunId,
    dispatched: &mut Dispatched,
) -> anyhow::Result<()> {
    let mut tenant = ctx.database.system(org).await?;
    let Some(run) = report_runs::claim(&mut tenant, id).await? else { return Ok(()) };
    let schedule = report_schedules::find(&mut tenant, ReportScheduleId(run.schedule_id)).await?;
    let Some(schedule) = schedule else { return Ok(()) };
    let begun = report_runs::begin(&mut tenant, &schedule, &run).await?;
    tenant.record(event(&schedule, Action::ReportScheduleRun).with("due_at", run.due_at.to_rfc3339()));
    tenant.commit().await?;
    wake(ctx, &begun, dispatched).await;
    Ok(())
}

async fn begin(
    tenant: &mut Tenant,
    schedule: &Schedule,
    due: &schedule::Due,
    fiscal_begins: u32,
) -> anyhow::Result<Begun> {
    if let Some(missed) = &due.missed {
        let run = schedule.run(missed.first, Trigger::CatchUp, fiscal_begins)?;
        report_runs::insert_skipped(tenant, &run, &too_late(missed)).await?;
    }
    let mut begun = Begun::default();
    for (time, trigger) in &due.runs {
        let new = schedule.run(*time, *trigger, fiscal_begins)?;
        // Somebody who put the schedule back does not get a second report of the same due time.
        if !report_runs::insert(tenant, &new).await? {
            continue;
        }
        let Some(run) = report_runs::claim(tenant, new.id).await? else { continue };
        let of_run = report_runs::begin(tenant, schedule, &run).await?;
        begun.reports.extend(of_run.reports);
        begun.emails.extend(of_run.emails);
        let event = event(schedule, Action::ReportScheduleRun).with("due_at", time.to_rfc3339());
        tenant.record(event.with("trigger", trigger.as_str()));
    }
    Ok(begun)
}

async fn stop(
    tenant: &mut Tenant,
    schedule: &Schedule,
    run: Option<&NewRun>,
    why: Finding,
) -> anyhow::Result<Begun> {
    if let Some(run) = run {
        report_runs::insert_failed(tenant, run, &why).await?;
    }
    let emails = report_schedules::stop(tenant, ReportScheduleId(schedule.id), &why).await?;
    let event = event(schedule, Action::ReportScheduleStopped).outcome(AuditOutcome::Failed);
    tenant.record(event.with("reason", why.code.as_str()));
    Ok(Begun { reports: Vec::new(), emails })
}

/// What is not woken now, `upload-sweep` wakes later.
async fn wake(ctx: &Context, begun: &Begun, dispatched: &mut Dispatched) {
    for report in &begun.reports {
        dispatched.reports += 1;
        if let Err(error) = ctx.reports.send(report).await {
            tracing::warn!(report.id = %report.report_id, error = format!("{:#}", anyhow::anyhow!(error)), "wake-up not sent");
        }
    }
    ctx.emails.wake(&begun.emails).await;
}

fn event(schedule: &Schedule, action: Action) -> Event {
    Event::new(action)
        .about(Subject::new("report_schedule", schedule.id))
        .with("name", schedule.name.as_str())
        .with("owner", schedule.owner.to_string())
}

fn lost(permission: &str) -> Finding {
    Finding {
        code: "owner_lost_rights".to_owned(),
        message: format!(
            "Whoever it runs for has no permission {permission} any more. Somebody who has it can resume it."
        ),
    }
}

fn no_cadence(error: &InvalidCadence) -> Finding {
    Finding { code: error.code.to_owned(), message: error.message.clone() }
}

fn too_late(missed: &Missed) -> Finding {
    let times = match missed.times {
        1 => "One due time was".to_owned(),
        times if times >= schedule::MISSED_COUNTED_MAX => format!("{times} due times or more were"),
        times => format!("{times} due times were"),
    };
    Finding {
        code: "missed".to_owned(),
        message: format!("{times} missed until {} while nothing ran.", missed.last.format("%F %R UTC")),
    }
}

#[cfg(test)]
mod tests;
