//! EventBridge schedule: holds what reports showed against the books.

use data::{
    Caller,
    audit::{Event, Subject},
    data_versions, exports, reports,
};
use domain::{Action, OrgId, ReportId};
use edge::Boxed;
use serde::{Deserialize, Serialize};

use crate::Context;

/// At most so many at once, so that a run ends in time; the next one goes on.
const BATCH: i32 = 300;

/// The event's contents do not matter.
#[derive(Debug, Deserialize)]
pub struct Schedule {}

/// What a run did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reviewed {
    pub reports: u32,
    /// How many of them showed something else than the books say now.
    pub outdated: u32,
}

/// Looks once at the reports of all organisations whose books have changed since.
///
/// # Errors
/// When the reports cannot be listed, or one of them could not be looked at; the others were.
pub fn review(ctx: &'static Context, _: Schedule) -> Boxed<'static, anyhow::Result<Reviewed>> {
    Box::pin(run(ctx))
}

async fn run(ctx: &Context) -> anyhow::Result<Reviewed> {
    let found = {
        let mut service = ctx.database.service().await?;
        reports::list_to_review(&mut service, BATCH).await?
    };
    let (mut all, mut failed) = (Reviewed::default(), 0_u32);
    for (org, id) in found {
        match look_at(ctx, org, id).await {
            Ok(is_outdated) => {
                all.reports += 1;
                all.outdated += u32::from(is_outdated);
            }
            Err(error) => {
                failed += 1;
                tracing::error!(report.id = %id, error = format!("{error:#}"), "report not reviewed");
            }
        }
    }
    tracing::info!(reports = all.reports, outdated = all.outdated, "reports reviewed");
    anyhow::ensure!(failed == 0, "{failed} reports were not reviewed");
    Ok(all)
}

/// Whether a report showed something else than the books say now, to the one it was made for.
async fn look_at(ctx: &Context, org: OrgId, id: ReportId) -> anyhow::Result<bool> {
    // Before the figures are read: a change while they are is looked at by the next run.
    let version = data_versions::of(&ctx.database, org).await?;
    let mut tenant = ctx.database.system(org).await?;
    let Some(report) = reports::find(&mut tenant, id).await? else { return Ok(false) };
    let mut reading = ctx.database.tenant(Caller { org, subject: report.on_behalf_of }).await?;
    // Of who may see other rows now, other figures say nothing about the report.
    let is_comparable = report.sight.as_ref() == Some(&exports::sight(&mut reading).await?.mark);
    let differences = match &report.figures {
        Some(shown) if is_comparable => {
            let now = reports::figures(&mut reading, report.days(), &report.scope.filters).await?;
            reports::differences(shown, &now)
        }
        _ => Vec::new(),
    };
    drop(reading);
    reports::mark_reviewed(&mut tenant, id, version, &differences).await?;
    let is_outdated = !differences.is_empty();
    if is_outdated && report.differences.is_none() {
        let event = Event::new(Action::ReportOutdated).about(Subject::new("report", report.id));
        tenant.record(event.with("vendors", differences.len()));
    }
    tenant.commit().await?;
    Ok(is_outdated)
}

#[cfg(test)]
mod tests;
