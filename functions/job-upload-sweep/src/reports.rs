//! Reports that nobody makes any more, and files of reports that have been kept long enough.

use chrono::{DateTime, Utc};
use data::{
    audit::{Event, Subject},
    report_runs,
    reports::{self, MAX_ATTEMPTS},
};
use domain::{Action, AuditOutcome, OrgId, ReportId, ReportRequested, ReportRunId, ReportStatus};

use crate::Context;

/// Goes once over them; how many there were.
pub(crate) async fn sweep(ctx: &Context, quiet_since: DateTime<Utc>, at_most: i32) -> anyhow::Result<u32> {
    let due = {
        let mut service = ctx.database.service().await?;
        reports::list_due(&mut service, quiet_since, at_most).await?
    };
    let mut swept = 0;
    for (org, id) in due {
        // One that cannot be looked at must not hide the others.
        match take_up(ctx, org, id).await {
            Ok(()) => swept += 1,
            Err(error) => tracing::error!(report.id = %id, error = format!("{error:#}"), "report not swept"),
        }
    }
    Ok(swept)
}

async fn take_up(ctx: &Context, org: OrgId, id: ReportId) -> anyhow::Result<()> {
    let mut tenant = ctx.database.system(org).await?;
    if !reports::lock(&mut tenant, id).await? {
        // A worker is on it after all.
        return Ok(());
    }
    let Some(report) = reports::find(&mut tenant, id).await? else { return Ok(()) };
    match report.status.0 {
        ReportStatus::Ready => {
            ctx.report_files.delete(&reports::object_key(org, id, report.format.0)).await?;
            reports::mark_expired(&mut tenant, id).await?;
            tenant.record(
                Event::new(Action::RecordsRemoved)
                    .about(Subject::new("report", id))
                    .with("kind", "report_file"),
            );
            tenant.commit().await?;
        }
        ReportStatus::Queued | ReportStatus::Running if report.attempts >= MAX_ATTEMPTS => {
            reports::mark_failed(&mut tenant, id, &reports::given_up()).await?;
            let event = Event::new(Action::ReportGenerated).about(Subject::new("report", id));
            tenant.record(event.outcome(AuditOutcome::Failed).with("error", "internal_error"));
            // Mails that this causes are found by the next sweep.
            if let Some(run) = report.run_id {
                report_runs::settle(&mut tenant, ReportRunId(run)).await?;
            }
            tenant.commit().await?;
        }
        ReportStatus::Queued | ReportStatus::Running => {
            reports::tell(&mut tenant, id, report.progress).await?;
            tenant.commit().await?;
            ctx.reports.send(&ReportRequested { org_id: org, report_id: id }).await?;
        }
        ReportStatus::Failed | ReportStatus::Expired => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
