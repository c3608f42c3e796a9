//! EventBridge schedule: notices files that are late, and those that came after all.

use chrono::{DateTime, NaiveDate, Utc};
use data::{
    Tenant,
    audit::{Event, Subject},
    coverage::{self, Late},
    emails,
    late_files::{self, LateFile, Words},
    organizations::{self, Settings},
    retention, vendors,
};
use domain::{Action, EmailRequested, EmailType, LateFileEnd, LateFileId, OrgId, ReminderStatus};
use edge::Boxed;
use serde::{Deserialize, Serialize};

use crate::{
    Context,
    plan::{self, Step},
    words,
};

const ORGANIZATIONS_A_PAGE: i32 = 100;

/// The event's contents do not matter.
#[derive(Debug, Deserialize)]
pub struct Schedule {}

/// What a run did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Watched {
    pub organizations: u32,
    /// Files that are late since now.
    pub noticed: u32,
    /// Files that are late no more.
    pub settled: u32,
}

/// Goes once over the vendors of all organisations.
///
/// # Errors
/// When the organisations cannot be listed, or one of them could not be looked at; the others were.
pub fn watch(ctx: &Context, _: Schedule) -> Boxed<'_, anyhow::Result<Watched>> {
    Box::pin(watch_at(ctx, Utc::now()))
}

/// The same at a moment that the caller names.
///
/// # Errors
/// As [`watch`].
pub async fn watch_at(ctx: &Context, now: DateTime<Utc>) -> anyhow::Result<Watched> {
    let (mut watched, mut failed, mut after) = (Watched::default(), 0_u32, None);
    loop {
        let page = {
            let mut service = ctx.database.service().await?;
            retention::organizations(&mut service, after, ORGANIZATIONS_A_PAGE).await?
        };
        let Some(last) = page.last() else { break };
        after = Some(*last);
        for org in page {
            watched.organizations += 1;
            if let Err(error) = look_at(ctx, org, now, &mut watched).await {
                failed += 1;
                tracing::error!(org.id = %org, error = format!("{error:#}"), "vendors not watched");
            }
        }
    }
    tracing::info!(
        organizations = watched.organizations,
        noticed = watched.noticed,
        settled = watched.settled,
        "vendors watched"
    );
    anyhow::ensure!(failed == 0, "the vendors of {failed} organisations were not watched");
    Ok(watched)
}

/// Everything about one organisation is one transaction: what dies on the way has done nothing, and what is done twice finds it done.
async fn look_at(ctx: &Context, org: OrgId, now: DateTime<Utc>, watched: &mut Watched) -> anyhow::Result<()> {
    let mut tenant = ctx.database.system(org).await?;
    let Some(organization) = organizations::settings(&mut tenant).await? else { return Ok(()) };
    let today = organizations::day_at(&mut tenant, now).await?;
    // Before the books: what another one of these jobs has just done is not done again.
    let known = late_files::all(&mut tenant).await?;
    let archived = vendors::archived(&mut tenant).await?;
    let coverage = coverage::load(&mut tenant, None).await?.coverage(None, None, today);
    let (mut mails, mut done) = (Vec::new(), Watched::default());
    for step in plan::steps(&coverage, &archived, &known, today) {
        match step {
            Step::Notice { vendor, late } => {
                let written = notice(&mut tenant, &organization, &vendor, &late, today).await?;
                done.noticed += u32::from(written.is_some());
                mails.extend(written.into_iter().flatten());
            }
            Step::Follow { known, late } => follow(&mut tenant, &organization, &known, &late).await?,
            Step::Settle { known, end } => {
                settle(&mut tenant, &known, end).await?;
                done.settled += 1;
            }
        }
    }
    tenant.commit().await?;
    watched.noticed += done.noticed;
    watched.settled += done.settled;
    // What is not woken now, `upload-sweep` wakes later.
    ctx.emails.wake(&mails).await;
    Ok(())
}

/// Keeps it and tells people; `None` when somebody else has just done so.
async fn notice(
    tenant: &mut Tenant,
    organization: &Settings,
    vendor: &str,
    late: &Late,
    today: NaiveDate,
) -> anyhow::Result<Option<Vec<EmailRequested>>> {
    let Some(vendor) = vendors::find(tenant, vendor).await? else { return Ok(None) };
    let id = LateFileId::new();
    let draft = words::draft(organization, &vendor, late);
    let asked = Words { subject: &draft.subject, body: &draft.body };
    if !late_files::insert(tenant, id, &vendor.key, late.days, late.due_on, asked).await? {
        return Ok(None);
    }
    let event = Event::new(Action::LateFileNoticed).about(Subject::new("late_file", id));
    tenant.record(event.with("vendor", vendor.key.as_str()).with("first_day", late.days.start().to_string()));
    let mail = words::notice(organization, &vendor, id, late, today);
    let mut mails = Vec::new();
    for reader in late_files::readers(tenant).await? {
        mails.push(emails::write(tenant, EmailType::FileMissing, &reader, &mail, None).await?);
    }
    Ok(Some(mails))
}

/// Known, and late still or again: it may last longer by now, and its vendor may have another name or contact.
async fn follow(
    tenant: &mut Tenant,
    organization: &Settings,
    known: &LateFile,
    late: &Late,
) -> anyhow::Result<()> {
    let id = LateFileId(known.id);
    let is_again = known.settled_at.is_some();
    if is_again {
        late_files::reopen(tenant, id).await?;
        tenant.record(followed(known, "missing_again"));
    }
    let Some(vendor) = vendors::find(tenant, &known.vendor).await? else { return Ok(()) };
    let draft = words::draft(organization, &vendor, late);
    let last_day = known.last_day.max(late.days.end());
    let written = Words { subject: &known.subject, body: &known.body };
    let ours = Words { subject: &draft.subject, body: &draft.body };
    // What was approved, dismissed or put otherwise by somebody stays as it is.
    let is_open = matches!(known.reminder.0, ReminderStatus::Waiting | ReminderStatus::Withdrawn);
    let asked = if is_open && !known.edited { ours } else { written };
    if asked != written || last_day > known.last_day {
        late_files::redraft(tenant, id, last_day, asked).await?;
    }
    Ok(())
}

async fn settle(tenant: &mut Tenant, known: &LateFile, end: LateFileEnd) -> anyhow::Result<()> {
    late_files::settle(tenant, LateFileId(known.id), end).await?;
    tenant.record(followed(known, end.as_str()));
    Ok(())
}

fn followed(known: &LateFile, what: &str) -> Event {
    let event = Event::new(Action::LateFileFollowed).about(Subject::new("late_file", known.id));
    event.with("vendor", known.vendor.as_str()).with("what", what)
}

#[cfg(test)]
mod tests;
