//! The end of every decision after which a file is read again.

use data::{Tenant, audit::Event, uploads};
use domain::{IngestRequested, UploadId, UploadStatus};
use edge::{
    ApiError,
    http::{Reply, Request},
};

use crate::{Context, views::RequeuedView};

/// Commits the decision with its event and asks for the file to be read; a request that is lost is made up for by the sweep.
pub(crate) async fn requeue(
    ctx: &Context,
    request: &Request,
    mut tenant: Tenant,
    id: UploadId,
    status: UploadStatus,
    event: Event,
) -> Result<Reply, ApiError> {
    let org_id = tenant.org();
    uploads::set_request(&mut tenant, id, request.id()).await?;
    request.record(&mut tenant, event.about(id));
    tenant.commit().await?;
    ctx.ingest_queue.send(&IngestRequested { org_id, upload_id: id }).await?;
    Reply::accepted(&RequeuedView { id, status })
}
