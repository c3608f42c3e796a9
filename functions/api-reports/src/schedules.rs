//! Schedules of reports, and what became of their due times.

pub mod correct;
pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod pause;
pub mod resume;
pub mod run;
pub mod runs;
pub mod update;
mod wish;

use chrono::{DateTime, NaiveDate, Utc};
use data::{
    audit::{Event, Subject},
    report_runs::{LeftOut, Run},
    report_schedules::Schedule,
};
use domain::{
    Action, Finding, ReportFormat, ReportKind, ReportLocale, ReportRunId, ReportScheduleId, UploadId,
    schedule::{Cadence, CadenceSpec, CatchUp, RelativePeriod, Trigger},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    recipients::Chosen,
    scope::{self, CustomAnalysis},
};

/// How many due times are shown.
const NEXT_RUNS: usize = 5;

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportSchedule")]
struct View {
    id: ReportScheduleId,
    /// Whoever made or changed it last: it runs under the rights of this one.
    owner: Uuid,
    name: String,
    kind: ReportKind,
    format: ReportFormat,
    locale: ReportLocale,
    cadence: CadenceSpec,
    period: RelativePeriod,
    filters: Map<String, Value>,
    analysis: Option<CustomAnalysis>,
    upload_id: Option<UploadId>,
    recipients: Vec<Chosen>,
    catch_up: CatchUp,
    active: bool,
    /// `null` while it is paused, or when it never comes again.
    next_run_at: Option<DateTime<Utc>>,
    /// The next five due times.
    next_runs: Vec<DateTime<Utc>>,
    /// Runs in a row that failed; the fifth stops it.
    failures: i32,
    /// Why it runs no more, where nobody has paused it.
    stopped: Option<Finding>,
    version: i32,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Schedule> for View {
    fn from(schedule: Schedule) -> Self {
        let next_run_at = schedule.next_run_at.filter(|_| schedule.active);
        let cadence = Cadence::try_from(&schedule.cadence).ok();
        let next = |time: &DateTime<Utc>| cadence.as_ref()?.next_after(*time);
        let chosen = |recipient: domain::ReportRecipient| Chosen {
            address: recipient.address,
            filters: recipient.filters.map(|filters| scope::written(&filters)),
        };
        Self {
            id: ReportScheduleId(schedule.id),
            owner: schedule.owner,
            name: schedule.name,
            kind: schedule.kind.0,
            format: schedule.format.0,
            locale: schedule.locale.0,
            next_runs: std::iter::successors(next_run_at, next).take(NEXT_RUNS).collect(),
            cadence: schedule.cadence,
            period: schedule.period.0,
            filters: scope::written(&schedule.scope.filters),
            analysis: scope::custom(&schedule.scope),
            upload_id: schedule.scope.upload_id,
            recipients: schedule.recipients.into_iter().map(chosen).collect(),
            catch_up: schedule.catch_up.0,
            active: schedule.active,
            next_run_at,
            failures: schedule.failures,
            stopped: schedule.stopped,
            version: schedule.version,
            created_at: schedule.created_at,
            updated_at: schedule.updated_at,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportRun")]
struct RunView {
    id: ReportRunId,
    schedule_id: ReportScheduleId,
    /// Or when somebody had it run.
    due_at: DateTime<Utc>,
    trigger: Trigger,
    from: NaiveDate,
    to: NaiveDate,
    /// `queued`, `running`, `ready`, `partly`, `failed` or `skipped`.
    status: String,
    /// How many reports it has, and how many of them failed.
    reports: i32,
    failed: i32,
    /// Recipients that got nothing, and why.
    left_out: Vec<LeftOut>,
    /// Why it was skipped, or failed.
    reason: Option<Finding>,
    created_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// Reports that showed something else than the books say now, and have not been made again.
    outdated: i64,
    /// The run whose outdated reports it makes again.
    corrects: Option<ReportRunId>,
}

impl RunView {
    fn new(run: Run, outdated: i64) -> Self {
        Self {
            id: ReportRunId(run.id),
            schedule_id: ReportScheduleId(run.schedule_id),
            due_at: run.due_at,
            trigger: run.trigger.0,
            from: run.first_day,
            to: run.last_day,
            status: run.status,
            reports: run.reports,
            failed: run.failed,
            left_out: run.left_out,
            reason: run.reason,
            created_at: run.created_at,
            finished_at: run.finished_at,
            outdated,
            corrects: run.corrects.map(ReportRunId),
        }
    }
}

fn event(action: Action, schedule: &Schedule) -> Event {
    Event::new(action)
        .about(Subject::new("report_schedule", schedule.id))
        .with("name", schedule.name.as_str())
        .with("kind", schedule.kind.0.as_str())
}

#[cfg(test)]
mod tests;
