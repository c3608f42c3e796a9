//! The reports of a run: one for each set of rights among its recipients.

use domain::{
    EmailRequested, Finding, ReportFormat, ReportId, ReportKind, ReportLocale, ReportRecipient,
    ReportRequested, ReportRunId, ReportScope, UserId,
    metrics::{Filter, Span},
};
use sqlx::types::Json;
use uuid::Uuid;

use super::{LeftOut, Run, settle};
use crate::{
    Error, Result, Tenant, personal_data,
    report_schedules::Schedule,
    reports::{self, Login, NewReport},
};

/// What a run has set going. All of it is to be sent after the commit.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Begun {
    pub reports: Vec<ReportRequested>,
    pub emails: Vec<EmailRequested>,
}

/// A report that is to be made: whose rights choose its rows, what it is, and whom it is sent to.
struct Wanted {
    on_behalf_of: Uuid,
    kind: ReportKind,
    format: ReportFormat,
    locale: ReportLocale,
    scope: ReportScope,
    recipients: Vec<String>,
    corrected_of: Option<ReportId>,
}

/// Whose rights choose rows, what narrows them, and who gets them.
#[derive(Debug, PartialEq)]
struct Share {
    on_behalf_of: Uuid,
    filters: Vec<Filter>,
    recipients: Vec<String>,
}

/// Makes the reports of a run that the caller holds.
///
/// Each recipient with a login gets what it may see itself, people without one what the owner has chosen for them. A run that corrects
/// another one makes the outdated reports of that one again, as they were, for their readers.
///
/// # Errors
/// When the database fails.
pub async fn begin(tenant: &mut Tenant, schedule: &Schedule, run: &Run) -> Result<Begun> {
    let (wanted, left_out) = match run.corrects {
        Some(former) => wanted_again(tenant, ReportRunId(former)).await?,
        None => wanted(tenant, schedule).await?,
    };
    let mut begun = Begun::default();
    for one in &wanted {
        let new = NewReport {
            id: ReportId::new(),
            requested_by: schedule.owner,
            on_behalf_of: one.on_behalf_of,
            kind: one.kind,
            format: one.format,
            locale: one.locale,
            days: Span { from: run.first_day, to: run.last_day },
            scope: &one.scope,
            recipients: &one.recipients,
            run: Some(ReportRunId(run.id)),
            corrected_of: one.corrected_of,
            request_id: None,
        };
        if reports::insert(tenant, &new).await? {
            begun.reports.push(ReportRequested { org_id: tenant.org(), report_id: new.id });
        }
    }
    let reason = wanted.is_empty().then(|| Json(nobody(run)));
    sqlx::query(
        "UPDATE report_runs SET status = 'running', reports = $2, left_out = $3, reason = $4 WHERE id = $1 AND status = 'queued'",
    )
    .bind(run.id)
    .bind(i32::try_from(wanted.len()).unwrap_or(i32::MAX))
    .bind(Json(left_out))
    .bind(reason)
    .execute(&mut **tenant)
    .await
    .map_err(Error::query("report_runs.begin"))?;
    if wanted.is_empty() {
        begun.emails = settle(tenant, ReportRunId(run.id)).await?;
    }
    Ok(begun)
}

async fn wanted(tenant: &mut Tenant, schedule: &Schedule) -> Result<(Vec<Wanted>, Vec<LeftOut>)> {
    let addresses: Vec<_> = schedule.recipients.iter().map(|recipient| recipient.address.clone()).collect();
    let logins = reports::find_recipients(tenant, &addresses).await?;
    let (shares, left_out) = shares(schedule.owner, &schedule.recipients, &logins);
    let of_share = |share: Share| {
        let mut scope = schedule.scope.clone();
        scope.filters.extend(share.filters);
        Wanted {
            on_behalf_of: share.on_behalf_of,
            kind: schedule.kind.0,
            format: schedule.format.0,
            locale: schedule.locale.0,
            scope,
            recipients: share.recipients,
            corrected_of: None,
        }
    };
    Ok((shares.into_iter().map(of_share).collect(), left_out))
}

/// What is to be made again of a former run. Who has lost the login since gets nothing.
async fn wanted_again(tenant: &mut Tenant, former: ReportRunId) -> Result<(Vec<Wanted>, Vec<LeftOut>)> {
    // Of two that begin at the same time, the second one waits here and then sees what the first one makes.
    sqlx::query("SELECT FROM report_runs WHERE id = $1 FOR UPDATE")
        .bind(former.0)
        .execute(&mut **tenant)
        .await
        .map_err(Error::query("report_runs.lock"))?;
    let outdated = reports::list_outdated_of_run(tenant, former).await?;
    let addresses: Vec<_> = outdated.iter().flat_map(|report| report.recipients.clone()).collect();
    let logins = reports::find_recipients(tenant, &addresses).await?;
    let is_disabled =
        |address: &String| logins.iter().any(|login| login.address == *address && login.is_disabled);
    let (mut wanted, mut left_out) = (Vec::new(), Vec::new());
    for report in outdated {
        if personal_data::is_removed(tenant, UserId(report.on_behalf_of)).await? {
            continue;
        }
        let (gone, recipients): (Vec<_>, Vec<_>) = report.recipients.into_iter().partition(is_disabled);
        left_out.extend(gone.iter().map(|address| disabled(address)));
        if recipients.is_empty() && !gone.is_empty() {
            continue;
        }
        wanted.push(Wanted {
            on_behalf_of: report.on_behalf_of,
            kind: report.kind.0,
            format: report.format.0,
            locale: report.locale.0,
            scope: report.scope,
            recipients,
            corrected_of: Some(ReportId(report.id)),
        });
    }
    Ok((wanted, left_out))
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
                left_out.push(disabled(address));
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

fn disabled(address: &str) -> LeftOut {
    leave_out(address, "recipient_disabled", "Their login was disabled.")
}

fn leave_out(address: &str, code: &str, message: &str) -> LeftOut {
    LeftOut { address: address.to_owned(), code: code.to_owned(), message: message.to_owned() }
}

fn nobody(run: &Run) -> Finding {
    let (code, message) = match run.corrects {
        Some(_) => {
            ("nothing_to_correct", "Its reports have been made again before, or have no readers any more.")
        }
        None => ("no_recipients", "None of its recipients may get it."),
    };
    Finding { code: code.to_owned(), message: message.to_owned() }
}
