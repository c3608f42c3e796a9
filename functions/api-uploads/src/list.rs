//! GET /v1/uploads

use data::uploads::{self, Filter};
use domain::UploadStatus;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Limit, Page},
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{Context, views::UploadView};

/// A page stays far below the 6 MB that Lambda can answer, even when files print hundreds of totals. Controls that do not
/// tie come first; `GET /v1/uploads/{id}` has all, and the proposal of a layout.
const CONTROLS_MAX: u32 = 30;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    status: Option<UploadStatus>,
    vendor: Option<String>,
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("uploads-list", "GET /v1/uploads", "Lists uploads, newest first")
        .needs(&[Permission::UploadsRead])
        .query::<Query>()
        .ok::<Page<UploadView>>()
}

/// Lists uploads, newest first.
///
/// # Errors
/// 400 for an unknown parameter, status or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::UploadsRead)?;
        let Query { status, vendor, limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let filter = Filter { status, vendor };
        let mut tenant = ctx.db.tenant(&principal).await?;
        let rows = uploads::list(&mut tenant, &filter, limit.probe(), after).await?;
        let page = Page::new(rows, limit, |upload| upload.id);
        let ids: Vec<_> = page.data.iter().map(|upload| upload.id).collect();
        let mut controls = uploads::first_controls(&mut tenant, &ids, CONTROLS_MAX).await?;
        Reply::ok(&page.map(|mut upload| {
            upload.proposal = None;
            let controls = controls.remove(&upload.id).unwrap_or_default();
            UploadView::new(upload, controls)
        }))
    })
}
