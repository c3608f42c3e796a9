//! POST /v1/vendor-profiles

use data::{
    idempotency_keys::{self, Begin},
    vendor_profiles::{self, NewVersion},
};
use domain::{ProfileOrigin, VendorProfileId};
use edge::{
    ApiError, Permission,
    http::{Reply, Request},
};

use crate::{
    Context,
    submission::{self, Waiting},
};

/// Imports a profile. It is used once it was tested on files that were booked before.
///
/// # Errors
/// 422 that points at the first thing wrong with it, 409 when the vendor has a profile already.
pub async fn handle(ctx: &Context, request: Request) -> Result<Reply, ApiError> {
    let principal = request.require(Permission::VendorsWrite)?;
    let keyed = request.idempotency_key()?;
    let profile = submission::of_body(&request)?.at_version(1);

    let mut tenant = ctx.database.tenant(&principal).await?;
    if let Some(keyed) = &keyed {
        match idempotency_keys::begin(&mut tenant, keyed).await? {
            Begin::Fresh => {}
            Begin::Replay { response, .. } => return Reply::created(&response),
            Begin::Mismatch => return Err(ApiError::idempotency_key_reused()),
        }
    }
    vendor_profiles::lock(&mut tenant, profile.vendor()).await?;
    if let Some(known) = vendor_profiles::find_of_vendor(&mut tenant, profile.vendor()).await? {
        let detail = format!("{} has the profile {}; change that one.", profile.vendor(), known.id);
        return Err(ApiError::conflict("vendor_profile_exists", detail));
    }
    let id = VendorProfileId::new();
    let new = NewVersion {
        id,
        version: 1,
        vendor: profile.vendor(),
        origin: ProfileOrigin::Imported,
        profile: &profile.to_json(),
        learned_from: None,
        created_by: Some(principal.user_id),
    };
    vendor_profiles::insert(&mut tenant, &new).await?;
    let waiting = Waiting::begin(&mut tenant, id, 1, profile.vendor()).await?;
    let view = serde_json::to_value(submission::view(&mut tenant, id).await?)?;
    if let Some(keyed) = &keyed {
        idempotency_keys::finish(&mut tenant, keyed, 201, &view).await?;
    }
    tenant.commit().await?;
    waiting.send(ctx).await?;
    tracing::info!(profile.id = %id, profile.vendor = profile.vendor(), "vendor profile imported");
    Reply::created(&view)
}
