//! SQS: report queue.

use std::time::Duration;

use data::{
    Tenant,
    audit::{Event, Subject},
    report_runs,
    reports::{self, Claim, MAX_ATTEMPTS, Report},
};
use domain::{Action, AuditOutcome, EmailRequested, Finding, OrgId, ReportId, ReportRequested, ReportRunId};
use edge::{
    Boxed,
    sqs::{JobError, Message},
};

use crate::{
    Context, announce,
    make::{self, Fault, Ready},
};

/// How long a file is kept: the bucket's own rule removes it a day later, whatever happens here.
const KEPT_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Makes one report, once, and records what became of it.
///
/// # Errors
/// `Transient` while another try may help, `Permanent` when the report has failed.
pub fn handle(ctx: &Context, message: Message<ReportRequested>) -> Boxed<'_, Result<(), JobError>> {
    Box::pin(async move {
        let ReportRequested { org_id, report_id } = message.body;
        let found = reports::find(&mut ctx.database.system(org_id).await?, report_id).await?;
        let Some(report) = found else {
            return Err(JobError::permanent(anyhow::anyhow!("report {report_id} does not exist")));
        };
        if let Some(request) = &report.request_id {
            tracing::Span::current().record("request.id", request);
        }
        // Held while the work lasts, and given back with the connection of a worker that dies.
        let mut reading = ctx.database.copying(make::subject(org_id, &report)).await?;
        if !reports::lock(&mut reading, report_id).await? {
            tracing::info!(report.id = %report_id, "report is made by somebody else");
            return Ok(());
        }
        let report = match claim(ctx, org_id, report_id).await? {
            Claim::Granted(report) => report,
            Claim::Exhausted(report) => {
                fail(ctx, org_id, &report, &reports::given_up()).await?;
                return Err(JobError::permanent(anyhow::anyhow!(
                    "the tries of report {report_id} are used up"
                )));
            }
            Claim::Ended => {
                tracing::info!(report.id = %report_id, "report has ended before");
                return Ok(());
            }
        };
        match Box::pin(make::make(ctx, &mut reading, &report)).await {
            Ok(ready) => Ok(finish(ctx, org_id, &report, &ready).await?),
            Err(Fault::Ends(finding)) => {
                fail(ctx, org_id, &report, &finding).await?;
                Err(JobError::permanent(anyhow::anyhow!("report {report_id}: {}", finding.code)))
            }
            Err(Fault::Later(error)) if report.attempts >= MAX_ATTEMPTS => {
                fail(ctx, org_id, &report, &reports::given_up()).await?;
                Err(JobError::Permanent(error.context(format!("report {report_id} is given up"))))
            }
            Err(Fault::Later(error)) => Err(JobError::Transient(error)),
        }
    })
}

async fn claim(ctx: &Context, org: OrgId, id: ReportId) -> Result<Claim, JobError> {
    let mut tenant = ctx.database.system(org).await?;
    let claim = reports::claim(&mut tenant, id).await?;
    tenant.commit().await?;
    Ok(claim)
}

async fn finish(ctx: &Context, org: OrgId, report: &Report, ready: &Ready) -> Result<(), data::Error> {
    let mut tenant = ctx.database.system(org).await?;
    let (id, size_bytes) = (ReportId(report.id), ready.made.size_bytes);
    if reports::mark_ready(&mut tenant, id, &ready.made, KEPT_FOR).await? {
        let mut mails = announce::ready(&mut tenant, report, ready).await?;
        mails.extend(settle(&mut tenant, report).await?);
        tenant.record(event(report).with("size_bytes", size_bytes).with("mails", mails.len()));
        tenant.commit().await?;
        ctx.emails.wake(&mails).await;
        tracing::info!(report.id = %id, size_bytes, "report ready");
    }
    Ok(())
}

async fn fail(ctx: &Context, org: OrgId, report: &Report, finding: &Finding) -> Result<(), data::Error> {
    let mut tenant = ctx.database.system(org).await?;
    if reports::mark_failed(&mut tenant, ReportId(report.id), finding).await? {
        let mut mails = announce::failed(&mut tenant, report, finding).await?;
        mails.extend(settle(&mut tenant, report).await?);
        let event = event(report).outcome(AuditOutcome::Failed);
        tenant.record(event.with("error", finding.code.as_str()));
        tenant.commit().await?;
        ctx.emails.wake(&mails).await;
    }
    Ok(())
}

/// The last report of a run ends it, in the same transaction.
async fn settle(tenant: &mut Tenant, report: &Report) -> Result<Vec<EmailRequested>, data::Error> {
    match report.run_id {
        Some(run) => report_runs::settle(tenant, ReportRunId(run)).await,
        None => Ok(Vec::new()),
    }
}

fn event(report: &Report) -> Event {
    Event::new(Action::ReportGenerated)
        .about(Subject::new("report", report.id))
        .of_request(report.request_id.clone(), None)
        .with("kind", report.kind.0.as_str())
        .with("format", report.format.0.as_str())
        .with("on_behalf_of", report.on_behalf_of.to_string())
}

#[cfg(test)]
mod tests;
