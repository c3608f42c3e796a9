//! Finds the upload an object belongs to; a dropped file announces itself.

use data::{
    audit::Event,
    uploads::{self, NewUpload, Origin},
};
use domain::{Action, FileName, OrgId, UploadId, UploadMode};

use crate::{
    Context,
    message::{Record, Target},
};

/// The upload that an event is about; `None` when nobody announced the object.
pub(crate) async fn find(ctx: &Context, record: &Record) -> data::Result<Option<(OrgId, UploadId)>> {
    match record.target() {
        Target::Announced { org, upload } => Ok(Some((org, upload))),
        Target::Drop { slug, key, file_name } => {
            let found = uploads::find_drop_org(&mut *ctx.database.service().await?, &slug).await?;
            let Some(org) = found else { return Ok(None) };
            Ok(Some((org, announce(ctx, org, key, &file_name, record).await?)))
        }
        Target::Other => Ok(None),
    }
}

async fn announce(
    ctx: &Context,
    org: OrgId,
    key: String,
    file_name: &str,
    record: &Record,
) -> data::Result<UploadId> {
    let new = NewUpload {
        id: UploadId::new(),
        file_name: FileName::lossy(file_name),
        size_bytes: record.size_bytes(),
        object_key: key,
        mode: UploadMode::Commit,
        vendor_hint: None,
        origin: Origin::Drop { identity: record.identity(), stated_at: record.event_time },
        request_id: None,
    };
    let mut tenant = ctx.database.system(org).await?;
    let id = uploads::insert(&mut tenant, &new).await?;
    if id == new.id {
        tenant.record(Event::new(Action::UploadCreated).about(id).with("source", "drop"));
    }
    tenant.commit().await?;
    Ok(id)
}
