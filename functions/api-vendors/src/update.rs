//! PATCH /v1/vendor-profiles/{id}

use chrono::Utc;
use data::{
    Tenant,
    audit::Event,
    uploads::Approval,
    vendor_profiles::{self, NewVersion, Newest, VendorProfile},
};
use domain::{Action, Finding, ProfileOrigin};
use edge::{
    ApiError, Boxed, FieldError, Permission, Principal,
    http::{Reply, Request},
    openapi::Operation,
};
use ingest::Profile;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    Context,
    profile_id::ProfileId,
    submission::{self, Waiting},
};

const REASON_CHARS_MAX: usize = 1_000;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    /// The newest version that the caller has seen.
    version: u32,
    profile: Option<Value>,
    active: Option<bool>,
    reason: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("vendor-profiles-update", "PATCH /v1/vendor-profiles/{id}", "Changes a profile, or switches it off or on")
        .details("A version is used once it was tested on files that were booked before; one that contradicts them only for a stated reason.")
        .path_text("id", "liberty", "The id of a profile of the organisation, or the vendor of a shipped one.").needs(&[Permission::VendorsWrite])
        .body::<Body>()
        .refuses(409, "version_conflict", "Another version was made since.")
        .refuses(409, "contradicts_booked_file", "Its test read booked files otherwise.")
        .ok::<crate::views::FullView>()
.refuses(409, "shipped_read_only", "Shipped profiles stay as they are: import one of your own.")
}

/// Changes a profile, which makes a new version, or switches it off or on. A version is used once it was tested on files
/// that were booked before; one that contradicts them only for a stated reason.
///
/// # Errors
/// 422 for a profile that cannot be used, 404 for an id that does not exist here, 409 for a version that is not the newest,
/// a shipped profile, or one that contradicts a booked file.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::VendorsWrite)?;
        let id = match request.path("id")? {
            ProfileId::Own(id) => id,
            ProfileId::Shipped(vendor) => {
                let known = ctx.shipped.find(&vendor).ok_or_else(ApiError::not_found)?;
                tracing::info!(profile.vendor = known.vendor(), "a shipped profile stays as it is");
                return Err(submission::shipped_is_read_only());
            }
        };
        let body = checked(request.json()?)?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let vendor =
            vendor_profiles::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?.version.vendor;
        vendor_profiles::lock(&mut tenant, &vendor).await?;
        let newest = vendor_profiles::find(&mut tenant, id).await?.ok_or_else(ApiError::not_found)?;
        if newest.version.version != body.version {
            let detail = format!("Version {} is the newest; read it first.", newest.version.version);
            return Err(ApiError::conflict("version_conflict", detail));
        }
        let waiting = match (&body.profile, body.active) {
            (Some(json), active) => {
                let changed = change(&mut tenant, &principal, &newest.version, json).await?;
                match (changed, active) {
                    (Some(version), None | Some(true)) => {
                        Some(Waiting::begin(&mut tenant, id, version, &vendor).await?)
                    }
                    (None, Some(true)) => switch_on(&mut tenant, &principal, &newest, &body).await?,
                    (_, Some(false)) => {
                        switch_off(&mut tenant, &newest, changed, &body).await?;
                        None
                    }
                    (None, None) => None,
                }
            }
            (None, Some(true)) => switch_on(&mut tenant, &principal, &newest, &body).await?,
            (None, _) => {
                switch_off(&mut tenant, &newest, None, &body).await?;
                None
            }
        };
        let event = Event::new(Action::VendorProfileUpdated).about(id).with("vendor", vendor);
        let event = event
            .with("changed", body.profile.is_some())
            .with("active", body.active)
            .with("reason", body.reason.as_deref());
        request.record(&mut tenant, event);
        let view = submission::view(&mut tenant, id).await?;
        tenant.commit().await?;
        if let Some(waiting) = waiting {
            waiting.send(ctx).await?;
        }
        tracing::info!(profile.id = %id, user.id = %principal.user_id, "vendor profile changed");
        Reply::ok(&view)
    })
}

fn checked(body: Body) -> Result<Body, ApiError> {
    let mut faults = Vec::new();
    if body.profile.is_none() && body.active.is_none() {
        faults.push(FieldError::new("/active", "required", "Say what to change: profile, active, or both."));
    }
    if body.reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_CHARS_MAX) {
        let message = format!("A reason has at most {REASON_CHARS_MAX} characters.");
        faults.push(FieldError::new("/reason", "too_long", message));
    }
    if faults.is_empty() { Ok(body) } else { Err(ApiError::validation(faults)) }
}

/// Adds the version that the caller wants; `None` when it says what the newest one says.
async fn change(
    tenant: &mut Tenant,
    principal: &Principal,
    newest: &VendorProfile,
    json: &Value,
) -> Result<Option<u32>, ApiError> {
    let wanted = Profile::from_json(json).map_err(|invalid| submission::unusable("/profile", &invalid))?;
    if wanted.vendor() != newest.vendor {
        let message = format!("This is the profile of {}; a profile keeps its vendor.", newest.vendor);
        return Err(ApiError::field("/profile/vendor", "invalid", message));
    }
    let wanted = wanted.at_version(newest.version);
    if wanted.to_json() == newest.profile {
        return Ok(None);
    }
    let version = newest.version + 1;
    let new = NewVersion {
        id: newest.id,
        version,
        vendor: &newest.vendor,
        origin: ProfileOrigin::Edited,
        profile: &wanted.at_version(version).to_json(),
        learned_from: None,
        created_by: Some(principal.user_id),
    };
    vendor_profiles::insert(tenant, &new).await?;
    Ok(Some(version))
}

/// Takes every version out of use, one that was just added included.
async fn switch_off(
    tenant: &mut Tenant,
    newest: &Newest,
    added: Option<u32>,
    body: &Body,
) -> Result<(), ApiError> {
    let said = body.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let reason = Finding {
        code: "switched_off".to_owned(),
        message: said.unwrap_or("Switched off by a person.").to_owned(),
    };
    let newest_version = added.unwrap_or(newest.version.version);
    let versions = newest.version_in_use.into_iter().filter(|used| *used != newest_version);
    for version in versions.chain([newest_version]) {
        vendor_profiles::deactivate(tenant, newest.version.id, version, &reason).await?;
    }
    Ok(())
}

/// Puts the newest version to use after its test, or against its test where somebody who may approve says why.
async fn switch_on(
    tenant: &mut Tenant,
    principal: &Principal,
    newest: &Newest,
    body: &Body,
) -> Result<Option<Waiting>, ApiError> {
    let version = &newest.version;
    if version.active {
        return Ok(None);
    }
    let contradiction = version.back_test.as_ref().and_then(|test| test.contradiction());
    let Some(file) = contradiction else {
        return Ok(Some(Waiting::begin(tenant, version.id, version.version, &version.vendor).await?));
    };
    let said = body.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    let Some(reason) = said else {
        let detail = format!(
            "It reads \"{}\" otherwise than it was booked. Say in `reason` why it is right, or change it.",
            file.file_name
        );
        return Err(ApiError::conflict("contradicts_booked_file", detail));
    };
    if !principal.may(Permission::UploadsApprove) {
        return Err(ApiError::forbidden("Using a profile against its test is for those who may approve."));
    }
    let approval = Approval { by: principal.user_id, at: Utc::now(), reason: reason.to_owned() };
    vendor_profiles::activate(tenant, version.id, version.version, Some(&approval)).await?;
    Ok(None)
}
