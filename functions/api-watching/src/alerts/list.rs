//! `GET /v1/alerts`

use data::alerts;
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};

use super::{View, views};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("alerts-list", "GET /v1/alerts", "Lists alerts, newest first")
        .details("The caller's own and those that tell the caller; all of them for who has `reports:write`.")
        .needs(&[Permission::AnalyticsRead])
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// # Errors
/// 400 for a cursor at fault.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::AnalyticsRead)?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = alerts::list(&mut tenant, limit.probe(), after).await?;
        let page = Page::new(rows, limit, |alert| alert.id);
        let data = views(&mut tenant, page.data).await?;
        Reply::ok(&Page { data, next_cursor: page.next_cursor })
    })
}
