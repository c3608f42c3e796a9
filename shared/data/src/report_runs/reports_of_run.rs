//! The reports of a run: one for each set of rights among its recipients.

use domain::{
    EmailRequested, Finding, ReportId, ReportRecipient, ReportRequested, ReportRunId, ReportScope,
    metrics::{Filter, Span},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{LeftOut, Run, settle};
use crate::{
    Error, Result, Tenant,
    report_schedules::Schedule,
    reports::{self, Login, NewReport},
};

/// What a run has set going. All of it is to be sent after the commit.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Begun {
    pub reports: Vec<ReportRequested>,
    pub emails: Vec<EmailRequested>,
}

/// A report that is to be made: whose rights choose its rows, what narrows them, and whom it is sent to.
#[derive(Debug, PartialEq)]
struct Share {
    on_behalf_of: Uuid,
    filters: Vec<Filter>,
    recipients: Vec<String>,
}

/// Makes the reports of a run that the caller holds: each recipient with a login gets what it may see itself, people without one
/// what the owner has chosen for them.
///
/// # Errors
/// When the database fails.
pub async fn begin(tenant: &mut Tenant, schedule: &Schedule, run: &Run) -> Result<Begun> {
    let addresses: Vec<_> = schedule.recipients.iter().map(|recipient| recipient.address.clone()).collect();
    let logins = reports::find_recipients(tenant, &addresses).await?;
    let (shares, left_out) = shares(schedule.owner, &schedule.recipients, &logins);
    let mut begun = Begun::default();
    for share in &shares {
        let mut scope: ReportScope = schedule.scope.clone();
        scope.filters.extend(share.filters.iter().cloned());
        let new = NewReport {
            id: ReportId::new(),
            requested_by: schedule.owner,
            on_behalf_of: share.on_behalf_of,
            kind: schedule.kind.0,
            format: schedule.format.0,
            locale: schedule.locale.0,
            days: Span { from: run.first_day, to: run.last_day },
            scope: &scope,
            recipients: &share.recipients,
            run: Some(ReportRunId(run.id)),
            corrected_of: None,
            request_id: None,
        };
        if reports::insert(tenant, &new).await? {
            begun.reports.push(ReportRequested { org_id: tenant.org(), report_id: new.id });
        }
    }
    let reason = shares.is_empty().then(|| Json(nobody()));
    sqlx::query(
        "UPDATE report_runs SET status = 'running', reports = $2, left_out = $3, reason = $4 WHERE id = $1 AND status = 'queued'",
    )
    .bind(run.id)
    .bind(i32::try_from(shares.len()).unwrap_or(i32::MAX))
    .bind(Json(left_out))
    .bind(reason)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("report_runs.begin"))?;
    if shares.is_empty() {
        begun.emails = settle(tenant, ReportRunId(run.id)).await?;
    }
    Ok(begun)
}

/// Who gets what. Without recipients, the owner gets a report to be fetched.
fn shares(owner: Uuid, recipients: &[ReportRecipient], logins: &[Login]) -> (Vec<Share>, Vec<LeftOut>) {
    let mut shares: Vec<Share> = Vec::new();
    let mut left_out = Vec::new();
    if recipients.is_empty() {
        shares.push(Share { on_behalf_of: owner, filters: Vec::new(), recipients: Vec::new() });
    }
    for ReportRecipient { address, filters } in recipients {
        let login = logins.iter().find(|login| login.address == *address);
        let (on_behalf_of, filters) = match (login, filters) {
            (Some(login), _) if login.is_disabled => {
                left_out.push(leave_out(address, "recipient_disabled", "Their login was disabled."));
                continue;
            }
            (Some(login), _) => (login.user_id, Vec::new()),
            (None, Some(filters)) => (owner, filters.clone()),
            (None, None) => {
                let message = "They have no login any more, and nobody has chosen what they get without one.";
                left_out.push(leave_out(address, "filters_needed", message));
                continue;
            }
        };
        match shares.iter_mut().find(|known| known.on_behalf_of == on_behalf_of && known.filters == filters) {
            Some(known) => known.recipients.push(address.clone()),
            None => shares.push(Share { on_behalf_of, filters, recipients: vec![address.clone()] }),
        }
    }
    (shares, left_out)
}

fn leave_out(address: &str, code: &str, message: &str) -> LeftOut {
    LeftOut { address: address.to_owned(), code: code.to_owned(), message: message.to_owned() }
}

fn nobody() -> Finding {
    Finding { code: "no_recipients".to_owned(), message: "None of its recipients may get it.".to_owned() }
}
