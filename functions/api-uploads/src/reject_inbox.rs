//! GET /v1/rejects

use data::uploads::{self, RejectFilter};
use domain::UploadId;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, views::InboxRejectView};

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    vendor: Option<String>,
    code: Option<String>,
    upload_id: Option<UploadId>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "rejects-list",
        "GET /v1/rejects",
        "Lists rejected rows of all uploads that somebody can still do something about",
    )
    .needs(&[Permission::UploadsRead])
    .query::<Query>()
    .ok::<Page<InboxRejectView>>()
}

/// Lists the rows that could not be taken, of all uploads that somebody can still do something about, newest upload first.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsRead)?;
        let Query { vendor, code, upload_id, limit, cursor } = request.query()?;
        let after: Option<(UploadId, i32)> = page::decode(cursor.as_deref())?;
        let filter = RejectFilter { vendor, code, upload: upload_id };
        let mut tenant = ctx.db.tenant(&principal).await?;
        let rows = uploads::reject_inbox(&mut tenant, &filter, limit.probe(), after).await?;
        let page = Page::new(rows, limit, |row| (row.upload, row.position));
        Reply::ok(&page.map(InboxRejectView::from))
    })
}
