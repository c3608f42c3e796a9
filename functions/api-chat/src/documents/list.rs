//! `GET /v1/documents`

use data::documents;
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};
use uuid::Uuid;

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("documents-list", "GET /v1/documents", "Lists documents, latest first")
        .needs(&[Permission::AnalyticsRead])
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// Lists documents, latest first.
///
/// # Errors
/// 400 for an unknown parameter or cursor.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let Paging { limit, cursor } = request.query()?;
        let after: Option<Uuid> = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let known = documents::list(&mut tenant, limit.probe(), after).await?;
        Reply::ok(&Page::new(known, limit, |last| last.id).map(View::from))
    })
}
