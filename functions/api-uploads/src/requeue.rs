//! The end of every decision after which a file is read again.

use data::Tenant;
use domain::{IngestRequested, UploadId, UploadStatus};
use edge::{ApiError, http::Reply};

use crate::{Context, views::RequeuedView};

/// Commits the decision and asks for the file to be read; a request that is lost is made up for by the sweep.
pub(crate) async fn requeue(
    ctx: &Context,
    tenant: Tenant,
    id: UploadId,
    status: UploadStatus,
) -> Result<Reply, ApiError> {
    let org_id = tenant.org();
    tenant.commit().await?;
    ctx.ingest_queue.send(&IngestRequested { org_id, upload_id: id }).await?;
    Reply::accepted(&RequeuedView { id, status })
}
