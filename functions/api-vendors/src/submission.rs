//! A profile that somebody sends, and its way to use: by a test on files that were booked before.

use data::{Tenant, uploads, vendor_profiles};
use domain::{ProfileTestRequested, VendorProfileId};
use edge::{ApiError, FieldError, http::Request};
use ingest::{InvalidProfile, Profile};
use serde_json::Value;

use crate::{Context, views::FullView};

/// The largest shipped profile has 10 KB.
const PROFILE_BYTES_MAX: usize = 256 * 1024;

/// Older ones are kept, and found by their number.
pub(crate) const VERSIONS_SHOWN_MAX: u32 = 50;

/// The profile in a body of TOML or JSON.
pub(crate) fn of_body(request: &Request) -> Result<Profile, ApiError> {
    if request.body().len() > PROFILE_BYTES_MAX {
        return Err(ApiError::too_large(format!("A profile has at most {PROFILE_BYTES_MAX} bytes.")));
    }
    let is_toml = request.header("content-type").is_some_and(|kind| kind.to_lowercase().contains("toml"));
    if !is_toml {
        let json: Value = request.json()?;
        return Profile::from_json(&json).map_err(|invalid| unusable("", &invalid));
    }
    let text = std::str::from_utf8(request.body())
        .map_err(|_| ApiError::bad_request("malformed_toml", "The body is not UTF-8."))?;
    Profile::from_toml(text).map_err(|invalid| unusable("", &invalid))
}

/// 422 that points into the profile, which stands at `root` of the body.
pub(crate) fn unusable(root: &str, invalid: &InvalidProfile) -> ApiError {
    let pointer = format!("{root}{}", invalid.pointer);
    let field = FieldError::new(pointer, "invalid_profile", invalid.message.clone());
    ApiError::validation(vec![field])
}

/// A version that waits for its test, until the transaction commits.
pub(crate) struct Waiting {
    request: Option<ProfileTestRequested>,
}

impl Waiting {
    /// Has a version tested; where no file was booked yet, and none waits for it, it is in use at once.
    pub(crate) async fn begin(
        tenant: &mut Tenant,
        id: VendorProfileId,
        version: u32,
        vendor: &str,
    ) -> Result<Self, ApiError> {
        let nothing_came = uploads::list_for_test(tenant, vendor, 1).await?.is_empty()
            && uploads::list_held(tenant, 1).await?.is_empty();
        if nothing_came {
            vendor_profiles::activate(tenant, id, version, None).await?;
            return Ok(Self { request: None });
        }
        vendor_profiles::await_test(tenant, id, version).await?;
        let org_id = tenant.org();
        Ok(Self { request: Some(ProfileTestRequested { org_id, profile_id: id, version }) })
    }

    /// Wakes the tester after the commit. When that is lost, switching the profile on again does it.
    pub(crate) async fn send(self, ctx: &Context) -> Result<(), ApiError> {
        if let Some(request) = self.request {
            ctx.ingest_queue.send(&request).await?;
        }
        Ok(())
    }
}

/// A profile as the API shows it.
pub(crate) async fn view(tenant: &mut Tenant, id: VendorProfileId) -> Result<FullView, ApiError> {
    let newest = vendor_profiles::find(tenant, id).await?.ok_or_else(ApiError::not_found)?;
    let versions = vendor_profiles::versions(tenant, id, VERSIONS_SHOWN_MAX).await?;
    Ok(FullView::new(newest, versions))
}

/// 409 for a profile that comes with Shelfline.
pub(crate) fn shipped_is_read_only() -> ApiError {
    let detail = "This profile comes with Shelfline. Export it, change it and import it as your own.";
    ApiError::conflict("shipped_read_only", detail)
}
