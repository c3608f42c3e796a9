//! POST /v1/vendor-profiles/{id}/test

mod view;

use std::time::Duration;

use cloud::LocalCopy;
use data::{
    Tenant, reference,
    uploads::{self, Upload},
    vendor_profiles,
};
use domain::{Period, Reference, Report, SaleRow, UploadId};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use ingest::{Input, Profile, Profiles, Refusal};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::{task, time};

use self::view::TrialView;
use crate::{Context, profile_id::ProfileId};

/// What can be fetched and read well within the time that API Gateway waits for an answer.
const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;

/// API Gateway gives up after 29 seconds.
const READING_TIME: Duration = Duration::from_secs(20);

/// Rows that are shown.
const ROWS_SHOWN: usize = 20;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    upload_id: UploadId,
    /// An older version of the profile instead of the newest.
    version: Option<u32>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "vendor-profiles-test",
        "POST /v1/vendor-profiles/{id}/test",
        "Reads an upload with this profile and shows what would come of it",
    )
    .details("Nothing is booked or kept.")
    .path_text("id", "liberty", "The id of a profile of the organisation, or the vendor of a shipped one.")
    .needs(&[Permission::VendorsRead, Permission::UploadsRead])
    .body::<Body>()
    .refuses(409, "file_missing", "The file of this upload is not there.")
    .refuses(422, "file_too_slow", "Reading this file takes longer than a trial may.")
    .ok::<TrialView>()
}

/// Reads an upload with this profile and shows what would come of it. Nothing is booked or kept.
///
/// # Errors
/// 404 for an id that does not exist here, 409 when the file is not there, 422 when it is too large to be tried.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::VendorsRead)?;
        request.require(Permission::UploadsRead)?;
        let id: ProfileId = request.path("id")?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let profile = profile(ctx, &mut tenant, id, body.version).await?;
        let upload = uploads::find(&mut tenant, body.upload_id).await?.ok_or_else(ApiError::not_found)?;
        if upload.size_bytes > FILE_BYTES_MAX {
            return Err(too_large());
        }
        let copy = match ctx.inbox.copy_locally(&upload.object_key, FILE_BYTES_MAX).await {
            Ok(copy) => copy,
            Err(cloud::Error::NotFound { .. }) => {
                return Err(ApiError::conflict("file_missing", "The file of this upload is not there."));
            }
            Err(cloud::Error::TooLarge { .. }) => return Err(too_large()),
            Err(error) => return Err(error.into()),
        };
        let reference = Reference::new(&reference::load(&mut tenant).await?);
        let (read, rows) =
            time::timeout(READING_TIME, read(&profile, &upload, copy, reference)).await.map_err(|_| {
                ApiError::unprocessable("file_too_slow", "Reading this file takes longer than a trial may.")
            })??;
        let counting = match &read {
            Ok(report) => {
                let periods: Vec<Period> = report.periods.iter().map(|stated| stated.period).collect();
                uploads::counting(&mut tenant, profile.vendor(), &periods).await?
            }
            Err(_) => Vec::new(),
        };
        tracing::info!(upload.id = %upload.id, profile.vendor = profile.vendor(), "vendor profile tried");
        Reply::ok(&TrialView::new(&profile, upload.id, read, rows, &counting))
    })
}

async fn profile(
    ctx: &Context,
    tenant: &mut Tenant,
    id: ProfileId,
    version: Option<u32>,
) -> Result<Profile, ApiError> {
    let id = match id {
        ProfileId::Own(id) => id,
        ProfileId::Shipped(vendor) => {
            return ctx.shipped.find(&vendor).cloned().ok_or_else(ApiError::not_found);
        }
    };
    let stored = match version {
        Some(version) => vendor_profiles::find_version(tenant, id, version).await?,
        None => vendor_profiles::find(tenant, id).await?.map(|newest| newest.version),
    };
    Ok(Profile::from_json(&stored.ok_or_else(ApiError::not_found)?.profile)?)
}

/// With this profile alone, as if a person had said whose file it is; what else was answered holds.
async fn read(
    profile: &Profile,
    upload: &Upload,
    copy: LocalCopy,
    reference: Reference,
) -> Result<(Result<Report, Refusal>, Vec<SaleRow>), ApiError> {
    let profiles = Profiles::of(profile.clone());
    let (vendor, file_name) = (profile.vendor().to_owned(), upload.file_name.clone());
    let given = upload.answers.iter().filter(|answer| answer.id != "vendor");
    let answers: Vec<(String, String)> =
        given.map(|answer| (answer.id.clone(), answer.value.clone())).collect();
    let reading = task::spawn_blocking(move || {
        let input =
            Input { path: copy.path(), file_name: &file_name, vendor_hint: Some(&vendor), answers: &answers };
        let mut first = Vec::new();
        let mut emit = |row: &SaleRow| {
            if first.len() < ROWS_SHOWN {
                first.push(row.clone());
            }
        };
        let read = ingest::parse(&input, &profiles, &reference, &mut emit);
        (read, first)
    });
    Ok(reading.await?)
}

fn too_large() -> ApiError {
    let message = format!("Files up to {} MB can be tried.", FILE_BYTES_MAX / (1024 * 1024));
    ApiError::field("/upload_id", "file_too_large", message)
}
