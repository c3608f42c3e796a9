//! SQS: export queue.

use std::time::Duration;

use data::{
    audit::{Event, Subject},
    exports::{self, Claim, Export, MAX_ATTEMPTS},
};
use domain::{Action, AuditOutcome, ExportId, ExportRequested, Finding, OrgId};
use edge::{
    Boxed,
    sqs::{JobError, Message},
};

use crate::{
    Context,
    make::{self, Fault, Made},
};

/// How long a file is kept: the bucket's own rule removes it a day later, whatever happens here.
const KEPT_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Makes the file of one export, once, and records what became of it.
///
/// # Errors
/// `Transient` while another try may help, `Permanent` when the export has failed.
pub fn handle(ctx: &Context, message: Message<ExportRequested>) -> Boxed<'_, Result<(), JobError>> {
    Box::pin(async move {
        let ExportRequested { org_id, export_id } = message.body;
        let found = exports::find(&mut ctx.database.system(org_id).await?, export_id).await?;
        let Some(export) = found else {
            return Err(JobError::permanent(anyhow::anyhow!("export {export_id} does not exist")));
        };
        if let Some(request) = &export.request_id {
            tracing::Span::current().record("request.id", request);
        }
        // Held while the work lasts, and given back with the connection of a worker that dies.
        let mut reading = ctx.database.copying(make::caller(org_id, &export)).await?;
        if !exports::lock(&mut reading, export_id).await? {
            tracing::info!(export.id = %export_id, "export is made by somebody else");
            return Ok(());
        }
        let export = match claim(ctx, org_id, export_id).await? {
            Claim::Granted(export) => export,
            Claim::Exhausted(export) => {
                fail(ctx, org_id, &export, &exports::given_up()).await?;
                return Err(JobError::permanent(anyhow::anyhow!(
                    "the tries of export {export_id} are used up"
                )));
            }
            Claim::Ended => {
                tracing::info!(export.id = %export_id, "export has ended before");
                return Ok(());
            }
        };
        match Box::pin(make::make(ctx, &mut reading, &export)).await {
            Ok(made) => Ok(finish(ctx, org_id, &export, &made).await?),
            Err(Fault::Ends(finding)) => {
                fail(ctx, org_id, &export, &finding).await?;
                Err(JobError::permanent(anyhow::anyhow!("export {export_id}: {}", finding.code)))
            }
            Err(Fault::Later(error)) if export.attempts >= MAX_ATTEMPTS => {
                fail(ctx, org_id, &export, &exports::given_up()).await?;
                Err(JobError::Permanent(error.context(format!("export {export_id} is given up"))))
            }
            Err(Fault::Later(error)) => Err(JobError::Transient(error)),
        }
    })
}

async fn claim(ctx: &Context, org: OrgId, id: ExportId) -> Result<Claim, JobError> {
    let mut tenant = ctx.database.system(org).await?;
    let claim = exports::claim(&mut tenant, id).await?;
    tenant.commit().await?;
    Ok(claim)
}

async fn finish(ctx: &Context, org: OrgId, export: &Export, made: &Made) -> Result<(), data::Error> {
    let mut tenant = ctx.database.system(org).await?;
    let id = ExportId(export.id);
    if exports::mark_ready(&mut tenant, id, (made.rows, made.size_bytes), &made.sight, KEPT_FOR).await? {
        tenant.record(event(export).with("rows", made.rows).with("size_bytes", made.size_bytes));
        tenant.commit().await?;
        tracing::info!(export.id = %id, export.rows = made.rows, size_bytes = made.size_bytes, "export ready");
    }
    Ok(())
}

async fn fail(ctx: &Context, org: OrgId, export: &Export, finding: &Finding) -> Result<(), data::Error> {
    let mut tenant = ctx.database.system(org).await?;
    if exports::mark_failed(&mut tenant, ExportId(export.id), finding).await? {
        let event = event(export).outcome(AuditOutcome::Failed);
        tenant.record(event.with("error", finding.code.as_str()));
        tenant.commit().await?;
    }
    Ok(())
}

fn event(export: &Export) -> Event {
    Event::new(Action::ExportGenerated)
        .about(Subject::new("export", export.id))
        .of_request(export.request_id.clone(), None)
        .with("of", export.source.as_str())
        .with("format", export.format.0.as_str())
        .with("requested_by", export.requested_by.to_string())
}

#[cfg(test)]
mod tests;
