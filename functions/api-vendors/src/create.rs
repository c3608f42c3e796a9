//! POST /v1/vendor-profiles

use data::{
    audit::Event,
    vendor_profiles::{self, NewVersion},
};
use domain::{Action, ProfileOrigin, VendorProfileId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::json_schema;

use crate::{
    Context,
    submission::{self, Waiting},
};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("vendor-profiles-create", "POST /v1/vendor-profiles", "Imports a profile")
        .details("It is used once it was tested on files that were booked before.")
        .needs(&[Permission::VendorsWrite])
        .body_of("application/json", |_| json_schema!({"type": "object"}))
        .body_of("application/toml", |_| json_schema!({"type": "string"}))
        .once()
        .refuses(400, "malformed_toml", "The body is not UTF-8.")
        .refuses(409, "vendor_profile_exists", "The vendor has a profile: change that one.")
        .created::<crate::views::FullView>()
}

/// Imports a profile. It is used once it was tested on files that were booked before.
///
/// # Errors
/// 422 that points at the first thing wrong with it, 409 when the vendor has a profile already.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::VendorsWrite)?;
        let profile = submission::of_body(&request)?.at_version(1);
        let mut tenant = ctx.database.tenant(&principal).await?;
        let id = VendorProfileId::new();
        let mut waiting = None;
        let reply = request
            .once(&mut tenant, async |tenant| {
                vendor_profiles::lock(tenant, profile.vendor()).await?;
                if let Some(known) = vendor_profiles::find_of_vendor(tenant, profile.vendor()).await? {
                    let detail =
                        format!("{} has the profile {}; change that one.", profile.vendor(), known.id);
                    return Err(ApiError::conflict("vendor_profile_exists", detail));
                }
                let new = NewVersion {
                    id,
                    version: 1,
                    vendor: profile.vendor(),
                    origin: ProfileOrigin::Imported,
                    profile: &profile.to_json(),
                    learned_from: None,
                    created_by: Some(principal.user_id),
                };
                vendor_profiles::insert(tenant, &new).await?;
                waiting = Some(Waiting::begin(tenant, id, 1, profile.vendor()).await?);
                request.record(
                    tenant,
                    Event::new(Action::VendorProfileCreated).about(id).with("vendor", profile.vendor()),
                );
                submission::view(tenant, id).await
            })
            .await?;
        let Some(waiting) = waiting else { return Ok(reply) };
        tenant.commit().await?;
        waiting.send(ctx).await?;
        tracing::info!(profile.id = %id, profile.vendor = profile.vendor(), "vendor profile imported");
        Ok(reply)
    })
}
