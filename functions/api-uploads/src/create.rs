//! POST /v1/uploads

use std::time::Duration;

use data::{
    Tenant,
    audit::Event,
    idempotency_keys::{self, Begin},
    quotas::{self, Quota},
    uploads::{self, NewUpload, Origin},
};
use domain::{Action, FileName, InvalidFileName, MAX_FILE_BYTES, OrgId, UploadId, UploadMode};
use edge::{
    ApiError, Boxed, FieldError, Permission, Principal,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::{Context, views::AnnouncedView};

/// Long enough for a large file over a slow line, short enough that a leaked URL is soon worth nothing.
const UPLOAD_TIME: Duration = Duration::from_secs(15 * 60);

const VENDOR_CHARS_MAX: usize = 64;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Body {
    file_name: String,
    size_bytes: u64,
    vendor: Option<String>,
    mode: Option<UploadMode>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "uploads-create",
        "POST /v1/uploads",
        "Announces an upload and signs the one PUT that brings its bytes",
    )
    .needs(&[Permission::UploadsWrite])
    .body::<Body>()
    .created::<AnnouncedView>()
    .once()
    .refuses(429, "quota_exceeded", "The organisation has sent as much today as it may.")
}

/// Announces an upload and signs the one PUT that brings its bytes.
///
/// # Errors
/// 422 with every field at fault; 422 `idempotency_key_reused` for a key seen with another body; 429 `quota_exceeded`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsWrite)?;
        let body: Body = request.json()?;
        let new = validated(&body, &principal, &request)?;
        let keyed = request.idempotency_key()?;

        let mut tenant = ctx.db.tenant(&principal).await?;
        if let Some(keyed) = &keyed {
            match idempotency_keys::begin(&mut tenant, keyed).await? {
                Begin::Fresh => {}
                Begin::Replay { response, .. } => {
                    // The same upload again; its URL is signed anew, because the first may have expired.
                    let id = serde_json::from_value(response["id"].clone())?;
                    return announced(ctx, principal.org_id, id, body.size_bytes).await;
                }
                Begin::Mismatch => return Err(ApiError::idempotency_key_reused()),
            }
        }
        take(&mut tenant, Quota::Files, 1, ctx.quotas.files).await?;
        take(&mut tenant, Quota::Bytes, body.size_bytes.cast_signed(), ctx.quotas.bytes).await?;
        let id = uploads::insert(&mut tenant, &new).await?;
        if let Some(keyed) = &keyed {
            idempotency_keys::finish(&mut tenant, keyed, 201, &json!({ "id": id })).await?;
        }
        // Signing needs no network: a refusal comes before anything is written.
        let reply = announced(ctx, principal.org_id, id, body.size_bytes).await?;
        request.record(
            &mut tenant,
            Event::new(Action::UploadCreated).about(id).with("size_bytes", body.size_bytes),
        );
        tenant.commit().await?;
        tracing::info!(upload.id = %id, size_bytes = body.size_bytes, "upload announced");
        Ok(reply)
    })
}

/// Uses so much of a quota: with the upload, or not at all.
async fn take(tenant: &mut Tenant, quota: Quota, amount: i64, limit: u64) -> Result<(), ApiError> {
    let used = quotas::take(tenant, quota, amount, limit).await?;
    if used.granted {
        return Ok(());
    }
    let of = match quota {
        Quota::Files => format!("{} files", used.quota),
        _ => format!("{} bytes", used.quota),
    };
    Err(ApiError::quota_exceeded(format!("Your organisation may send {of} a day."), used.ends_in))
}

async fn announced(ctx: &Context, org: OrgId, id: UploadId, size_bytes: u64) -> Result<Reply, ApiError> {
    let put = ctx.inbox.presign_put(&object_key(org, id), size_bytes, UPLOAD_TIME).await?;
    Reply::created(&AnnouncedView::new(id, put))
}

/// Ids only: what a person typed never becomes part of a key.
fn object_key(org: OrgId, id: UploadId) -> String {
    format!("uploads/{org}/{id}")
}

fn validated(body: &Body, principal: &Principal, request: &Request) -> Result<NewUpload, ApiError> {
    let mut fields = Vec::new();
    let file_name = FileName::new(&body.file_name);
    if let Err(error) = &file_name {
        let code = match error {
            InvalidFileName::Empty => "required",
            InvalidFileName::TooLong => "too_long",
        };
        fields.push(FieldError::new("/file_name", code, error.to_string()));
    }
    if body.size_bytes == 0 {
        fields.push(FieldError::new("/size_bytes", "too_small", "The file is empty."));
    } else if body.size_bytes > MAX_FILE_BYTES {
        let message = format!("A file has at most {MAX_FILE_BYTES} bytes.");
        fields.push(FieldError::new("/size_bytes", "too_large", message));
    }
    if !body.vendor.as_deref().is_none_or(is_vendor_word) {
        let message = "A vendor is lower-case letters, digits and _, for example skins_nl.";
        fields.push(FieldError::new("/vendor", "invalid", message));
    }
    let (Ok(file_name), true) = (file_name, fields.is_empty()) else {
        return Err(ApiError::validation(fields));
    };
    let id = UploadId::new();
    Ok(NewUpload {
        id,
        file_name,
        size_bytes: body.size_bytes,
        object_key: object_key(principal.org_id, id),
        mode: body.mode.unwrap_or(UploadMode::Commit),
        vendor_hint: body.vendor.clone(),
        origin: Origin::Api { created_by: principal.user_id },
        request_id: Some(request.id().clone()),
    })
}

fn is_vendor_word(vendor: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !vendor.is_empty() && vendor.len() <= VENDOR_CHARS_MAX && vendor.chars().all(plain)
}
