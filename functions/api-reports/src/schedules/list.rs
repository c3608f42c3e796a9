//! `GET /v1/report-schedules`

use data::report_schedules;
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
    page::{self, Page, Paging},
};

use super::View;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("report-schedules-list", "GET /v1/report-schedules", "Lists the schedules, newest first")
        .needs(&[Permission::ReportsWrite])
        .query::<Paging>()
        .ok::<Page<View>>()
}

/// # Errors
/// 400 for a cursor at fault.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let Paging { limit, cursor } = request.query()?;
        let after = page::decode(cursor.as_deref())?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let rows = report_schedules::list(&mut tenant, limit.probe(), after).await?;
        Reply::ok(&Page::new(rows, limit, |schedule| schedule.id).map(View::from))
    })
}
