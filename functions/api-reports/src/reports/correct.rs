//! `POST /v1/reports/{id}/correct`: has a report made again whose figures have changed since.

use data::{
    Caller,
    audit::{Event, Subject},
    reports::{self, NewReport},
};
use domain::{Action, ReportId, ReportRequested};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::View;
use crate::Context;

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new(
        "reports-correct",
        "POST /v1/reports/{id}/correct",
        "Has a report made again whose figures have changed since",
    )
    .details(
        "It goes to the readers of the former one, marked as corrected; for that it needs `reports:write`.",
    )
    .needs(&[Permission::ReportsRead])
    .accepted::<View>()
    .once()
    .refuses(403, "forbidden", "The caller may not see this, or may not send reports.")
    .refuses(409, "report_current", "It shows what the books say now.")
}

/// # Errors
/// 404 for an id that does not exist here, or is of somebody else's report; 409 `report_current`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsRead)?;
        let former: ReportId = request.path("id")?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let report = reports::find(&mut tenant, former).await?.ok_or_else(ApiError::not_found)?;
        if !report.recipients.is_empty() {
            request.require(Permission::ReportsWrite)?;
        }
        if report.differences.as_ref().is_none_or(Vec::is_empty) {
            return Err(ApiError::conflict("report_current", "This report shows what the books say now."));
        }
        let new = NewReport {
            id: ReportId::new(),
            requested_by: Caller::from(&principal).subject,
            on_behalf_of: report.on_behalf_of,
            kind: report.kind.0,
            format: report.format.0,
            locale: report.locale.0,
            days: report.days(),
            scope: &report.scope,
            recipients: &report.recipients,
            run: None,
            corrected_of: Some(former),
            request_id: Some(request.id()),
        };
        let mut is_new = false;
        let reply = request
            .once_accepted(&mut tenant, async |tenant| {
                is_new = reports::insert(tenant, &new).await?;
                let event = Event::new(Action::ReportRequested).about(Subject::new("report", new.id));
                request.record(tenant, event.with("corrected_of", former.to_string()));
                let report = reports::find(tenant, new.id).await?.ok_or_else(ApiError::not_found)?;
                Ok(View::from(report))
            })
            .await?;
        tenant.commit().await?;
        if is_new {
            ctx.wake(&[ReportRequested { org_id: principal.org_id, report_id: new.id }]).await;
        }
        Ok(reply)
    })
}
