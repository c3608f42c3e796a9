//! `GET /v1/exports`: what the caller has had exported.

use data::exports;
use edge::{
    ApiError, Boxed,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("exports-list", "GET /v1/exports", "Lists what the caller has had exported, newest first")
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// Lists the caller's own exports, newest first.
///
/// # Errors
/// 400 for a cursor at fault.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.principal()?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = exports::list(&mut tenant, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |export| export.id).map(View::from))
    })
}
