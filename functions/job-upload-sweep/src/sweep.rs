//! EventBridge schedule: takes up what was left behind.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use data::{audit, booking, emails, rate_windows, uploads};
use domain::{Finding, IngestRequested, OrgId, UploadId, UploadSource, UploadStatus};
use edge::Boxed;
use serde::{Deserialize, Serialize};

use crate::{Context, digests, exports, reports};

/// No worker lives so long (5 minutes). The queue's own next try may still come: it finds the work done.
const QUIET: TimeDelta = TimeDelta::minutes(15);

/// Long after the link to send the bytes to has expired.
const ABANDONED: TimeDelta = TimeDelta::hours(2);

/// A mail is sent within seconds; the queue's own next try comes after 5 minutes.
const QUIET_EMAIL: Duration = Duration::from_secs(5 * 60);

/// At most this many of each kind at once, so that a sweep ends in time; the next one goes on.
const BATCH: i32 = 200;

/// The event's contents do not matter.
#[derive(Debug, Deserialize)]
pub struct Schedule {}

/// What a sweep did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Uploads read again.
    pub requeued: u32,
    /// Uploads whose tries were used up.
    pub failed: u32,
    /// Uploads whose bytes never came.
    pub expired: u32,
    /// Mails whose sender was woken again.
    pub emails: u32,
    /// Mails in which others were put together.
    pub digests: u32,
    /// Exports whose job was woken again, ended, or whose file was removed.
    pub exports: u32,
    /// The same of reports.
    pub reports: u32,
}

/// Goes once over the unfinished uploads and unsent mails of all organisations, and forgets ended windows of limits.
///
/// # Errors
/// When the database, the bucket or a queue fails; the next sweep does what this one missed.
pub fn sweep(ctx: &Context, _: Schedule) -> Boxed<'_, anyhow::Result<Swept>> {
    Box::pin(async move {
        let mut swept = Swept::default();
        let stuck = {
            let mut service = ctx.database.service().await?;
            uploads::list_stuck(&mut service, Utc::now() - QUIET, BATCH).await?
        };
        for (org, id) in stuck {
            // One upload that cannot be looked at must not hide the others.
            if let Err(error) = take_up(ctx, org, id, &mut swept).await {
                tracing::error!(upload.id = %id, error = format!("{error:#}"), "upload not swept");
            }
        }
        let unsent = {
            let mut service = ctx.database.service().await?;
            emails::list_unsent(&mut service, QUIET_EMAIL, BATCH.unsigned_abs()).await?
        };
        for email in &unsent {
            ctx.emails.send(email).await?;
            swept.emails += 1;
        }
        swept.digests = digests::sweep(ctx, BATCH.unsigned_abs()).await?;
        swept.exports = exports::sweep(ctx, Utc::now() - QUIET, BATCH).await?;
        swept.reports = reports::sweep(ctx, Utc::now() - QUIET, BATCH).await?;
        let mut service = ctx.database.service().await?;
        rate_windows::forget(&mut service).await?;
        // Months ahead of need: one sweep a month finds something to do.
        audit::extend(&mut service).await?;
        tracing::info!(
            uploads.requeued = swept.requeued,
            uploads.failed = swept.failed,
            uploads.expired = swept.expired,
            emails.requeued = swept.emails,
            digests.made = swept.digests,
            exports.swept = swept.exports,
            reports.swept = swept.reports,
            "swept"
        );
        Ok(swept)
    })
}

async fn take_up(ctx: &Context, org: OrgId, id: UploadId, swept: &mut Swept) -> anyhow::Result<()> {
    let mut tenant = ctx.database.system(org).await?;
    if !uploads::lock(&mut tenant, id).await? {
        // A worker is on it after all.
        return Ok(());
    }
    let Some(upload) = uploads::find(&mut tenant, id).await? else { return Ok(()) };
    if upload.status.is_final() {
        return Ok(());
    }
    if upload.attempts >= uploads::MAX_ATTEMPTS {
        let ended = booking::fail(&mut tenant, &upload, used_up()).await?;
        tenant.record(ended.event(&upload));
        tenant.commit().await?;
        for email in &ended.emails {
            ctx.emails.send(email).await?;
        }
        swept.failed += 1;
        return Ok(());
    }
    let announced = upload.status == UploadStatus::Pending && upload.source == UploadSource::Api;
    if announced && ctx.inbox.head(&upload.object_key).await?.is_none() {
        if upload.created_at < Utc::now() - ABANDONED {
            uploads::expire(&mut tenant, id, &never_came()).await?;
            tenant.commit().await?;
            swept.expired += 1;
        }
        return Ok(());
    }
    // Of a drop whose object is gone, file-ingest tells the owners.
    uploads::touch(&mut tenant, id).await?;
    tenant.commit().await?;
    ctx.ingest.send(&IngestRequested { org_id: org, upload_id: id }).await?;
    swept.requeued += 1;
    Ok(())
}

fn used_up() -> Finding {
    Finding {
        code: "internal_error".to_owned(),
        message:
            "We could not process this file although nothing may be wrong with it. Please try it again later."
                .to_owned(),
    }
}

fn never_came() -> Finding {
    Finding {
        code: "upload_expired".to_owned(),
        message: "The file was announced but never arrived. Please upload it again.".to_owned(),
    }
}

#[cfg(test)]
mod tests;
