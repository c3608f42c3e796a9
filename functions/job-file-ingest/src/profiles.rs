//! The profiles that files of an organisation are compared with.

use data::{Tenant, vendor_profiles};
use ingest::{Profile, Profiles};

use crate::Context;

/// The shipped profiles and those of the organisation that are in use.
pub(crate) async fn in_use(ctx: &Context, tenant: &mut Tenant) -> anyhow::Result<Profiles> {
    let own = own(tenant).await?;
    Ok(Profiles::clone(&ctx.profiles).with(own)?)
}

/// The same as it would be with a profile in the place of the one that its vendor has.
pub(crate) async fn with(
    ctx: &Context,
    tenant: &mut Tenant,
    candidate: &Profile,
) -> anyhow::Result<Profiles> {
    let mut own = own(tenant).await?;
    own.retain(|profile| profile.vendor() != candidate.vendor());
    own.push(candidate.clone());
    Ok(Profiles::clone(&ctx.profiles).with(own)?)
}

async fn own(tenant: &mut Tenant) -> anyhow::Result<Vec<Profile>> {
    let stored = vendor_profiles::in_use(tenant).await?;
    let read = stored.iter().filter_map(|stored| match Profile::from_json(&stored.profile) {
        Ok(profile) => Some(profile),
        // Of an older schema: its files ask again, all others are read as ever.
        Err(invalid) => {
            tracing::error!(profile.id = %stored.id, profile.version = stored.version, error = %invalid, "profile left out");
            None
        }
    });
    Ok(read.collect())
}
