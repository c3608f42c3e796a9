//! SQS: `ObjectCreated` notifications of the inbox bucket, `IngestRequested` and `ProfileTestRequested`.

use anyhow::anyhow;
use chrono::{TimeDelta, Utc};
use data::{
    Tenant,
    booking::{self, Ended},
    uploads::{self, Claim, Upload},
    vendor_profiles,
};
use domain::{Finding, IngestRequested, OrgId, UploadId, UploadStatus};
use edge::{Boxed, sqs::JobError};
use ingest::Profile;

use crate::{
    Context, Message, announce, learn,
    read::{self, Read},
    release::release,
    suggest::suggest,
};

/// Longer than the function can run: only the sweep looks at it. What keeps two workers apart is a lock.
const LEASE: TimeDelta = TimeDelta::minutes(6);

/// Reads the files a message is about and books them.
///
/// # Errors
/// [`JobError::Transient`] when a later try may succeed. Everything final is written to the upload and acknowledged.
pub fn handle(ctx: &Context, message: edge::sqs::Message<Message>) -> Boxed<'_, Result<(), JobError>> {
    Box::pin(async move {
        match message.body {
            Message::Requested(IngestRequested { org_id, upload_id }) => {
                ingest(ctx, org_id, upload_id).await?;
                suggest(ctx, org_id, upload_id).await;
                Ok(())
            }
            Message::ProfileTest(request) => {
                let in_use = learn::test(ctx, request).await?;
                release_held(ctx, request.org_id, in_use).await;
                Ok(())
            }
            Message::Test { .. } => {
                tracing::info!("the bucket is connected");
                Ok(())
            }
            Message::Notification { records } => {
                for record in records.iter().filter(|record| record.is_created()) {
                    match announce::find(ctx, record).await? {
                        Some((org, upload)) => {
                            ingest(ctx, org, upload).await?;
                            suggest(ctx, org, upload).await;
                        }
                        None => tracing::warn!(objects.unannounced = 1, "nobody announced this object"),
                    }
                }
                Ok(())
            }
        }
    })
}

/// Brings one upload to its end, whichever worker and delivery this is.
async fn ingest(ctx: &Context, org: OrgId, id: UploadId) -> Result<(), JobError> {
    // The lock lives as long as this transaction, and the transaction as long as this worker.
    let mut booking = ctx.database.system(org).await?;
    if !uploads::lock(&mut booking, id).await? {
        return Err(JobError::transient(anyhow!("another worker holds upload {id}")));
    }
    let mut claiming = ctx.database.system(org).await?;
    let claim = uploads::claim(&mut claiming, id, Utc::now() + LEASE).await?;
    claiming.commit().await?;
    match claim {
        Claim::Granted(upload) => work(ctx, booking, &upload).await,
        Claim::Exhausted(upload) => give_up(ctx, booking, &upload).await,
        Claim::Ended(upload) => ended(ctx, booking, &upload).await,
        Claim::Unknown => {
            // Not left to its drop, which gives the lock back some time later.
            booking.rollback().await?;
            tracing::warn!(upload.id = %id, objects.unannounced = 1, "nobody announced this object");
            Ok(())
        }
    }
}

/// An upload that needs no work: delivered again, or somebody wants to keep the layout it was booked with.
async fn ended(ctx: &Context, mut tenant: Tenant, upload: &Upload) -> Result<(), JobError> {
    let wanted = upload.status == UploadStatus::Completed && upload.remember_by.is_some();
    if wanted && !vendor_profiles::is_learned_from(&mut tenant, upload.id).await? {
        let ties = uploads::controls(&mut tenant, upload.id).await?.iter().all(|control| control.ok);
        let learned = learn::remember(ctx, &mut tenant, upload, upload.proposal.as_ref(), ties).await?;
        let org = tenant.org();
        tenant.commit().await?;
        release_held(ctx, org, learned).await;
        return Ok(());
    }
    tenant.rollback().await?;
    tracing::info!(upload.id = %upload.id, "delivered again after its end");
    Ok(())
}

async fn work(ctx: &Context, mut booking: Tenant, upload: &Upload) -> Result<(), JobError> {
    if let Some(request) = &upload.request_id {
        tracing::Span::current().record("request.id", request.as_str());
    }
    let org = booking.org();
    match read::read(ctx, &mut booking, upload).await {
        Ok(Read { ended, learned }) => {
            finish(ctx, booking, upload, ended).await?;
            release_held(ctx, org, learned).await;
            Ok(())
        }
        Err(error) if upload.attempts < uploads::MAX_ATTEMPTS => {
            booking.rollback().await?;
            Err(JobError::Transient(error))
        }
        Err(error) => {
            tracing::error!(upload.id = %upload.id, error = format!("{error:#}"), "the last try failed");
            booking.rollback().await?;
            let mut booking = ctx.database.system(org).await?;
            if !uploads::lock(&mut booking, upload.id).await? {
                return Err(JobError::Transient(error));
            }
            give_up(ctx, booking, upload).await
        }
    }
}

/// Has the held files that a profile knows read again, one after the other. What goes wrong here costs nothing that the
/// sweep does not take up.
async fn release_held(ctx: &Context, org: OrgId, profile: Option<Profile>) {
    let Some(profile) = profile else { return };
    let released = async {
        let mut tenant = ctx.database.system(org).await?;
        let released = release(ctx, &mut tenant, &profile).await?;
        tenant.commit().await?;
        anyhow::Ok(released)
    };
    let released = released.await.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "held uploads not looked at");
        Vec::new()
    });
    for id in released {
        // Boxed: an upload that is released may have waited to teach a profile itself.
        if let Err(error) = Box::pin(ingest(ctx, org, id)).await {
            tracing::warn!(upload.id = %id, error = format!("{error:?}"), "released upload left to the sweep");
        }
    }
}

async fn give_up(ctx: &Context, mut booking: Tenant, upload: &Upload) -> Result<(), JobError> {
    let error = Finding {
        code: "internal_error".to_owned(),
        message:
            "We could not process this file although nothing may be wrong with it. Please try it again later."
                .to_owned(),
    };
    let ended = booking::fail(&mut booking, upload, error).await?;
    finish(ctx, booking, upload, ended).await
}

/// Commits the end of an upload and wakes the sender of its mails.
async fn finish(ctx: &Context, mut booking: Tenant, upload: &Upload, ended: Ended) -> Result<(), JobError> {
    let org = booking.org();
    booking.record(ended.event(upload));
    booking.commit().await?;
    ctx.emails.wake(&ended.emails).await;
    tracing::info!(
        org.id = %org,
        upload.id = %upload.id,
        upload.status = ended.status.as_str(),
        upload.attempts = upload.attempts,
        emails = ended.emails.len(),
        "upload ended"
    );
    Ok(())
}

#[cfg(test)]
mod tests;
