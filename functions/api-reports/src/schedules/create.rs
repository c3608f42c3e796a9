//! `POST /v1/report-schedules`

use chrono::Utc;
use data::report_schedules;
use domain::{Action, ReportScheduleId};
use edge::{
    ApiError, Boxed, DatabaseContext, Permission,
    http::{Reply, Request},
    openapi::Operation,
};

use super::{View, event, wish::Body};

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("report-schedules-create", "POST /v1/report-schedules", "Has reports made again and again")
        .details(
            "Each recipient who signs in here gets what it may see itself. Others get the rows of whoever made the schedule, narrowed by \
             the filters stated for them; a recipient without a login for whom none are stated is refused.",
        )
        .needs(&[Permission::ReportsWrite])
        .body::<Body>()
        .once()
        .created::<View>()
        .refuses(409, "too_many_schedules", "The organisation has 500 of them.")
}

/// Keeps what the caller wants again and again.
///
/// # Errors
/// 422 with the field at fault; 403 for what the caller may not see; 409 `too_many_schedules`.
pub fn handle(ctx: &DatabaseContext, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsWrite)?;
        let body: Body = request.json()?;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let wish = body.read(&mut tenant, &principal, Utc::now()).await?;
        let reply = request
            .once(&mut tenant, async |tenant| {
                let id = ReportScheduleId::new();
                if !report_schedules::insert(tenant, id, &wish).await? {
                    let detail =
                        format!("There are {} schedules: remove one first.", report_schedules::SCHEDULES_MAX);
                    return Err(ApiError::conflict("too_many_schedules", detail));
                }
                let schedule = report_schedules::find(tenant, id).await?.ok_or_else(ApiError::not_found)?;
                request.record(tenant, event(Action::ReportScheduleCreated, &schedule));
                Ok(View::from(schedule))
            })
            .await?;
        tenant.commit().await?;
        Ok(reply)
    })
}
