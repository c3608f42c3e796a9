//! Held files that a new profile knows: one confirmation is enough for all files of a vendor that came at once.

use std::time::Duration;

use data::{Tenant, audit::Event, uploads};
use domain::{Action, UploadId};
use ingest::Profile;
use tokio::time::Instant;

use crate::{Context, back_test::Trial};

/// Held files that are looked at; others are replayed by a person.
const FILES_MAX: u32 = 50;

/// After this no further file is begun.
const TIME: Duration = Duration::from_secs(20);

/// Queues the held uploads again that this profile reads without a question and with totals that tie. All others stay as
/// they are, so that nobody is asked twice.
pub(crate) async fn release(
    ctx: &Context,
    tenant: &mut Tenant,
    profile: &Profile,
) -> anyhow::Result<Vec<UploadId>> {
    let held = uploads::list_held(tenant, FILES_MAX).await?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let trial = Trial::new(ctx, tenant, profile, None, Instant::now() + TIME).await?;
    let mut released = Vec::new();
    for upload in &held {
        if trial.would_book(upload).await? && uploads::replay(tenant, upload.id).await? {
            tenant.record(Event::new(Action::UploadReplayed).about(upload.id));
            released.push(upload.id);
        }
    }
    Ok(released)
}
