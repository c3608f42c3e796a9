//! Mails that wait for their reader's morning.

use data::digests;
use domain::OrgId;

use crate::Context;

/// Makes the digests that are due; how many.
pub(crate) async fn sweep(ctx: &Context, at_most: u32) -> anyhow::Result<u32> {
    let due = {
        let mut service = ctx.database.service().await?;
        digests::list_due(&mut service, at_most).await?
    };
    let mut made = 0;
    for (org, recipient) in due {
        // One that cannot be made must not hide the others.
        match gather(ctx, org, &recipient).await {
            Ok(()) => made += 1,
            Err(error) => tracing::error!(error = format!("{error:#}"), "digest not made"),
        }
    }
    Ok(made)
}

async fn gather(ctx: &Context, org: OrgId, recipient: &str) -> anyhow::Result<()> {
    let mut tenant = ctx.database.system(org).await?;
    let digest = digests::gather(&mut tenant, recipient).await?;
    tenant.commit().await?;
    ctx.emails.wake(&digest).await;
    Ok(())
}
