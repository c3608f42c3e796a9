//! `POST /v1/reports`: has a report made.

use chrono::NaiveDate;
use data::{
    Caller, Tenant,
    audit::{Event, Subject},
    reports::{self, NewReport},
};
use domain::{
    Action, ReportFormat, ReportId, ReportKind, ReportLocale, ReportRequested, ReportScope, UploadId,
    metrics::Span,
};
use edge::{
    ApiError, Boxed, Permission,
    http::{Reply, Request},
    openapi::Operation,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::View;
use crate::{
    Context, recipients,
    scope::{Asked, CustomAnalysis},
};

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "NewReport")]
#[serde(deny_unknown_fields)]
struct Body {
    kind: ReportKind,
    format: ReportFormat,
    /// How numbers and days are written; `en` without it.
    locale: Option<ReportLocale>,
    /// First and last day, both inclusive.
    from: NaiveDate,
    to: NaiveDate,
    /// As in the queries of analytics routes: `{"vendor": ["liberty"], "not_country": "DE"}`.
    filters: Option<Map<String, Value>>,
    /// Of a custom report; revenue and units by vendor without it.
    analysis: Option<CustomAnalysis>,
    /// Of a cleaning report about one file.
    upload_id: Option<UploadId>,
    /// Addresses that it is mailed to. Whoever has a login here gets a report of their own, under their own rights.
    recipients: Option<Vec<String>>,
}

/// What the API document says of it.
#[must_use]
pub fn operation() -> Operation {
    Operation::new("reports-create", "POST /v1/reports", "Has a report made, and mailed to whom the caller names")
        .details(
            "It shows what the caller may see at the moment it is made. To send it needs `reports:write`: recipients who sign in here get a \
             report of their own that shows what they may see, others get the caller's.",
        )
        .needs(&[Permission::ReportsRead])
        .body::<Body>()
        .accepted::<View>()
        .once()
        .refuses(403, "forbidden", "The caller may not see this, or may not send reports.")
        .refuses(409, "too_many_reports", "Ten reports of the caller are under way.")
}

/// Takes the order, and wakes the job that carries it out.
///
/// # Errors
/// 422 with the field at fault; 403 for what is not the caller's to see or to send; 409 `too_many_reports`.
pub fn handle(ctx: &Context, request: Request) -> Boxed<'_, Result<Reply, ApiError>> {
    Box::pin(async move {
        let principal = request.require(Permission::ReportsRead)?;
        let body: Body = request.json()?;
        if body.to < body.from {
            return Err(ApiError::field("/to", "before_from", "The last day is before the first."));
        }
        let filters = body.filters.as_ref();
        let asked =
            Asked { kind: body.kind, filters, analysis: body.analysis.as_ref(), upload_id: body.upload_id };
        let scope = asked.read(&principal)?;
        let addresses = recipients::addresses(body.recipients.as_deref().unwrap_or_default())?;
        if !addresses.is_empty() {
            request.require(Permission::ReportsWrite)?;
        }
        let caller = Caller::from(&principal).subject;
        let mut tenant = ctx.database.tenant(&principal).await?;
        let mut made = Vec::new();
        let reply = request
            .once_accepted(&mut tenant, async |tenant| {
                let new = NewReport {
                    id: ReportId::new(),
                    requested_by: caller,
                    on_behalf_of: caller,
                    kind: body.kind,
                    format: body.format,
                    locale: body.locale.unwrap_or(ReportLocale::English),
                    days: Span { from: body.from, to: body.to },
                    scope: &scope,
                    recipients: &[],
                    run: None,
                    corrected_of: None,
                    request_id: Some(request.id()),
                };
                made = keep(tenant, &new, addresses).await?;
                let event = Event::new(Action::ReportRequested).about(Subject::new("report", new.id));
                request.record(tenant, described(event, &new, &scope));
                let report = reports::find(tenant, new.id).await?.ok_or_else(ApiError::not_found)?;
                Ok(View::from(report))
            })
            .await?;
        tenant.commit().await?;
        ctx.wake(&made).await;
        Ok(reply)
    })
}

/// Keeps the caller's report, and one for each other recipient with a login.
async fn keep(
    tenant: &mut Tenant,
    new: &NewReport<'_>,
    addresses: Vec<String>,
) -> Result<Vec<ReportRequested>, ApiError> {
    let org_id = tenant.org();
    let logins = reports::find_recipients(tenant, &addresses).await?;
    let others: Vec<_> = logins.iter().filter(|login| login.user_id != new.requested_by).collect();
    if let Some(disabled) = others.iter().find(|login| login.is_disabled) {
        let message = format!("The login of {} was disabled.", disabled.address);
        return Err(ApiError::field("/recipients", "recipient_disabled", message));
    }
    let of_caller: Vec<_> = addresses
        .into_iter()
        .filter(|address| others.iter().all(|login| login.address != *address))
        .collect();
    if !reports::insert(tenant, &NewReport { recipients: &of_caller, ..new.clone() }).await? {
        return Err(too_many());
    }
    let mut made = vec![ReportRequested { org_id, report_id: new.id }];
    for login in others {
        let recipients = [login.address.clone()];
        let id = ReportId::new();
        let own = NewReport { id, on_behalf_of: login.user_id, recipients: &recipients, ..new.clone() };
        reports::insert(tenant, &own).await?;
        made.push(ReportRequested { org_id, report_id: id });
    }
    Ok(made)
}

fn described(event: Event, new: &NewReport<'_>, scope: &ReportScope) -> Event {
    event
        .with("kind", new.kind.as_str())
        .with("format", new.format.as_str())
        .with("from", new.days.from.to_string())
        .with("to", new.days.to.to_string())
        .with("filters", serde_json::json!(scope.filters))
}

fn too_many() -> ApiError {
    let detail =
        format!("You have {} reports under way: wait until one of them is ready.", reports::OPEN_MAX);
    ApiError::conflict("too_many_reports", detail)
}
