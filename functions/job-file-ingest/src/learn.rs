//! Keeps what a person confirmed about a layout as a profile of its vendor, and puts profiles to use that pass their test.

use data::{
    Tenant,
    audit::Event,
    uploads::Upload,
    vendor_profiles::{self, NewVersion, VendorProfile},
};
use domain::{
    Action, BackTest, Finding, ProfileOrigin, ProfileTestRequested, Proposal, TestOutcome, UploadId,
    VendorProfileId,
};
use ingest::Profile;

use crate::{Context, back_test};

/// Stores the layout of a booked upload when somebody asked for that and its totals tie (`ties`). In the transaction of the
/// caller: once the upload is booked, the next file of the vendor loads by itself. Gives the profile that is in use now.
pub(crate) async fn remember(
    ctx: &Context,
    tenant: &mut Tenant,
    upload: &Upload,
    proposal: Option<&Proposal>,
    ties: bool,
) -> anyhow::Result<Option<Profile>> {
    let (Some(by), Some(proposal)) = (upload.remember_by, proposal) else { return Ok(None) };
    if !ties {
        tracing::warn!(upload.id = %upload.id, "layout not kept: its totals do not tie");
        return Ok(None);
    }
    let lesson = match Profile::from_json(&proposal.profile) {
        Ok(lesson) => lesson,
        Err(invalid) => {
            tracing::error!(upload.id = %upload.id, error = %invalid, "layout not kept: it is no profile");
            return Ok(None);
        }
    };
    vendor_profiles::lock(tenant, lesson.vendor()).await?;
    let newest = vendor_profiles::find_of_vendor(tenant, lesson.vendor()).await?;
    let known = newest.as_ref().map(known).transpose()?.flatten();
    let taught = known.as_ref().map_or_else(|| Some(lesson.clone()), |known| known.taught(&lesson));
    match (newest, taught) {
        // Confirmed again after it was switched off.
        (Some(newest), None) if !newest.active => {
            settle(
                ctx,
                tenant,
                newest.id,
                newest.version,
                &Profile::from_json(&newest.profile)?,
                newest.learned_from,
            )
            .await
        }
        (_, None) => Ok(None),
        (newest, Some(taught)) => {
            let id = newest.as_ref().map_or_else(VendorProfileId::new, |newest| newest.id);
            let version = newest.map_or(0, |newest| newest.version) + 1;
            let profile = taught.at_version(version);
            let new = NewVersion {
                id,
                version,
                vendor: profile.vendor(),
                origin: ProfileOrigin::Learned,
                profile: &profile.to_json(),
                learned_from: Some(upload.id),
                created_by: Some(by),
            };
            vendor_profiles::insert(tenant, &new).await?;
            let action =
                if version == 1 { Action::VendorProfileCreated } else { Action::VendorProfileUpdated };
            let event = Event::new(action).about(id).with("vendor", new.vendor);
            tenant.record(event.with("learned_from", upload.id.to_string()));
            settle(ctx, tenant, id, version, &profile, Some(upload.id)).await
        }
    }
}

/// What is known already; nothing when that was found to be wrong.
fn known(newest: &VendorProfile) -> anyhow::Result<Option<Profile>> {
    let is_wrong = newest.back_test.as_ref().is_some_and(|test| test.contradiction().is_some());
    if is_wrong && !newest.active { Ok(None) } else { Ok(Some(Profile::from_json(&newest.profile)?)) }
}

/// Tests a version that was imported or changed, and puts it to use when it contradicts nothing.
pub(crate) async fn test(ctx: &Context, request: ProfileTestRequested) -> anyhow::Result<Option<Profile>> {
    let ProfileTestRequested { org_id, profile_id, version } = request;
    let mut tenant = ctx.database.system(org_id).await?;
    let Some(newest) = vendor_profiles::find(&mut tenant, profile_id).await? else { return Ok(None) };
    let newest = newest.version;
    vendor_profiles::lock(&mut tenant, &newest.vendor).await?;
    // Delivered again, overtaken by a newer version, or switched off meanwhile: nothing waits for it.
    let waiting = newest.inactive.as_ref().is_some_and(|reason| reason.code == vendor_profiles::BEING_TESTED);
    if newest.version != version || !waiting {
        return Ok(None);
    }
    let profile = Profile::from_json(&newest.profile)?;
    let in_use = settle(ctx, &mut tenant, profile_id, version, &profile, newest.learned_from).await?;
    tenant.commit().await?;
    Ok(in_use)
}

async fn settle(
    ctx: &Context,
    tenant: &mut Tenant,
    id: VendorProfileId,
    version: u32,
    profile: &Profile,
    learned_from: Option<UploadId>,
) -> anyhow::Result<Option<Profile>> {
    let result = back_test::run(ctx, tenant, profile, learned_from).await?;
    vendor_profiles::record_test(tenant, id, version, &result).await?;
    let objection = objection(&result, learned_from);
    let event = Event::new(Action::VendorProfileTested).about(id).with("version", version);
    tenant.record(event.with("in_use", objection.is_none()));
    match &objection {
        None => vendor_profiles::activate(tenant, id, version, None).await?,
        Some(reason) => vendor_profiles::deactivate(tenant, id, version, reason).await?,
    }
    tracing::info!(
        profile.id = %id,
        profile.version = version,
        profile.active = objection.is_none(),
        files.tested = result.files.len(),
        "vendor profile tested"
    );
    Ok(objection.is_none().then(|| profile.clone()))
}

/// Why a profile must not be used before a person has looked at it.
fn objection(result: &BackTest, learned_from: Option<UploadId>) -> Option<Finding> {
    if let Some(file) = result.contradiction() {
        return Some(Finding {
            code: "contradicts_booked_file".to_owned(),
            message: format!(
                "It reads \"{}\" (upload {}) otherwise than it was booked. {}",
                file.file_name,
                file.upload_id,
                file.message.as_deref().unwrap_or_default()
            ),
        });
    }
    let own = result.files.iter().find(|file| Some(file.upload_id) == learned_from)?;
    (own.outcome == TestOutcome::Unaffected).then(|| Finding {
        code: "not_recognised".to_owned(),
        message: "It does not recognise the file that it was learned from.".to_owned(),
    })
}

#[cfg(test)]
pub(crate) mod tests;
