//! Files as they came.

use data::{audit::Event, retention};
use domain::{Action, OrgId, UploadId};

use crate::Context;

/// Removed between two transactions; a file is a few calls of the store.
const BATCH: i64 = 100;

/// Removes at most so many batches of files that came more than so many days ago; how many it were. First the bytes, then the word that
/// they are gone: what dies in between is done again.
pub(crate) async fn remove(ctx: &Context, org: OrgId, days: i32, batches: u32) -> anyhow::Result<u64> {
    let mut removed = 0;
    for _ in 0..batches {
        let found = retention::originals(&mut ctx.database.system(org).await?, days, BATCH).await?;
        for original in &found {
            ctx.inbox.erase(&original.object_key).await?;
        }
        let uploads: Vec<UploadId> = found.iter().map(|original| original.upload).collect();
        if !uploads.is_empty() {
            let mut tenant = ctx.database.system(org).await?;
            retention::mark_removed(&mut tenant, &uploads).await?;
            let event = Event::new(Action::RecordsRemoved).with("kind", retention::ORIGINALS);
            tenant.record(event.with("files", uploads.len()));
            tenant.commit().await?;
            removed += uploads.len() as u64;
        }
        if uploads.len() < BATCH as usize {
            break;
        }
    }
    Ok(removed)
}
