//! Exports that nobody makes any more, and files that have been kept long enough.

use chrono::{DateTime, Utc};
use data::{
    audit::{Event, Subject},
    exports::{self, MAX_ATTEMPTS},
};
use domain::{Action, AuditOutcome, ExportId, ExportRequested, ExportStatus, OrgId};

use crate::Context;

/// Goes once over them; how many there were.
pub(crate) async fn sweep(ctx: &Context, quiet_since: DateTime<Utc>, at_most: i32) -> anyhow::Result<u32> {
    let due = {
        let mut service = ctx.database.service().await?;
        exports::list_due(&mut service, quiet_since, at_most).await?
    };
    let mut swept = 0;
    for (org, id) in due {
        // One that cannot be looked at must not hide the others.
        match take_up(ctx, org, id).await {
            Ok(()) => swept += 1,
            Err(error) => tracing::error!(export.id = %id, error = format!("{error:#}"), "export not swept"),
        }
    }
    Ok(swept)
}

async fn take_up(ctx: &Context, org: OrgId, id: ExportId) -> anyhow::Result<()> {
    let mut tenant = ctx.database.system(org).await?;
    if !exports::lock(&mut tenant, id).await? {
        // A worker is on it after all.
        return Ok(());
    }
    let Some(export) = exports::find(&mut tenant, id).await? else { return Ok(()) };
    match export.status.0 {
        ExportStatus::Ready => {
            ctx.files.delete(&exports::object_key(org, id)).await?;
            exports::mark_expired(&mut tenant, id).await?;
            tenant.record(
                Event::new(Action::RecordsRemoved)
                    .about(Subject::new("export", id))
                    .with("kind", "export_file"),
            );
            tenant.commit().await?;
        }
        ExportStatus::Queued | ExportStatus::Running if export.attempts >= MAX_ATTEMPTS => {
            exports::mark_failed(&mut tenant, id, &exports::given_up()).await?;
            let event = Event::new(Action::ExportGenerated).about(Subject::new("export", id));
            tenant.record(event.outcome(AuditOutcome::Failed).with("error", "internal_error"));
            tenant.commit().await?;
        }
        ExportStatus::Queued | ExportStatus::Running => {
            exports::progress(&mut tenant, id, export.rows_done, None).await?;
            tenant.commit().await?;
            ctx.exports.send(&ExportRequested { org_id: org, export_id: id }).await?;
        }
        ExportStatus::Failed | ExportStatus::Expired => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
