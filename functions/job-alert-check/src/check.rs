//! EventBridge schedule: looks at watched figures that may have changed.

use std::collections::BTreeMap;

use alerts::{Expected, Found, Look};
use chrono::{DateTime, NaiveDate, Utc};
use data::{
    Caller, Tenant,
    alerts::{self as kept, Alert, Check, NewCheck},
    audit::{Event, Subject},
    coverage, data_versions, emails, mail_choices, organizations, owners, vendors,
};
use domain::{
    Action, AlertId, AlertPeriod, AlertRepeat, AlertVerdict, AuditOutcome, EmailRequested, EmailType,
    Finding, OrgId, UserId, schedule::Quiet,
};
use edge::Boxed;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Context;

/// At most this many at once, so that it ends in time; the next one goes on.
const BATCH: i32 = 500;

/// The event's contents do not matter.
#[derive(Debug, Deserialize)]
pub struct Tick {}

/// What a run did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub alerts: u32,
    /// Mails that were written.
    pub mails: u32,
    /// Alerts that watch no more.
    pub stopped: u32,
}

/// Goes once over the alerts of all organisations.
///
/// # Errors
/// When the alerts cannot be listed, or one of them could not be looked at; the others were.
pub fn check(ctx: &Context, _: Tick) -> Boxed<'_, anyhow::Result<Checked>> {
    Box::pin(check_at(ctx, Utc::now()))
}

/// The same at a moment that the caller names.
///
/// # Errors
/// As [`check`].
pub async fn check_at(ctx: &Context, now: DateTime<Utc>) -> anyhow::Result<Checked> {
    let due = {
        let mut service = ctx.database.service().await?;
        kept::list_due(&mut service, now, BATCH).await?
    };
    let (mut checked, mut failed) = (Checked::default(), 0_u32);
    for (org, id) in due {
        match Box::pin(look_at(ctx, org, id, now)).await {
            Ok(done) => {
                checked.alerts += done.alerts;
                checked.mails += done.mails;
                checked.stopped += done.stopped;
            }
            Err(error) => {
                failed += 1;
                tracing::error!(alert.id = %id, error = format!("{error:#}"), "alert not checked");
            }
        }
    }
    tracing::info!(
        alerts = checked.alerts,
        mails = checked.mails,
        stopped = checked.stopped,
        "alerts checked"
    );
    anyhow::ensure!(failed == 0, "{failed} alerts were not checked");
    Ok(checked)
}

/// Everything about one alert is one transaction: its verdicts, its mails, and that it was looked at. What dies on the way has done nothing,
/// and what comes twice finds nothing to do.
async fn look_at(ctx: &Context, org: OrgId, id: AlertId, now: DateTime<Utc>) -> anyhow::Result<Checked> {
    // Before the figures are read: a change while they are is looked at by the next run.
    let version = data_versions::of(&ctx.database, org).await?;
    let mut tenant = ctx.database.system(org).await?;
    let today = organizations::day_at(&mut tenant, now).await?;
    let Some(alert) = kept::claim(&mut tenant, id, version, today).await? else {
        return Ok(Checked::default());
    };
    let mut mails = Vec::new();
    let mut checked = Checked { alerts: 1, ..Checked::default() };
    if let Some(permission) = owners::lacks(&mut tenant, alert.owner, &alert.needs()).await? {
        mails = stop(&mut tenant, &alert, &lost(permission)).await?;
        checked.stopped = 1;
    } else {
        let books = coverage::load(&mut tenant, None).await?;
        let archived = vendors::archived(&mut tenant).await?;
        let expected = Expected::new(&books, &archived, today);
        let is_changed = alert.seen_version != Some(version);
        for subject in alert.subjects() {
            let told =
                look_for(ctx, &mut tenant, &alert, (subject, is_changed), &expected, (now, today)).await?;
            mails.extend(told);
        }
        kept::mark_seen(&mut tenant, id, version, today).await?;
    }
    tenant.commit().await?;
    checked.mails = u32::try_from(mails.len()).unwrap_or(u32::MAX);
    // Those that quiet hours hold are brought by `upload-sweep` when these are over, and so is what is not woken now.
    ctx.emails.wake(&mails).await;
    Ok(checked)
}

/// Looks at an alert as one of those sees its figures for whom it is made. Who may not see them gets nothing. What was judged is looked
/// at again when the books have changed.
async fn look_for(
    ctx: &Context,
    tenant: &mut Tenant,
    alert: &Alert,
    (subject, is_changed): (Uuid, bool),
    expected: &Expected,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> anyhow::Result<Option<EmailRequested>> {
    if owners::lacks(tenant, subject, alert.rule.needs()).await?.is_some() {
        return Ok(None);
    }
    let id = AlertId(alert.id);
    let periods = periods(alert, today);
    let Some(first) = periods.first() else { return Ok(None) };
    let mut checks: BTreeMap<NaiveDate, BTreeMap<String, Check>> = BTreeMap::new();
    for check in kept::checks(tenant, id, subject, *first).await? {
        checks.entry(check.period_start).or_default().insert(check.line.clone(), check);
    }
    let mut reading = ctx.database.tenant(Caller { org: tenant.org(), subject }).await?;
    let mut news: Vec<(Look, Vec<String>)> = Vec::new();
    for start in periods {
        let known = checks.remove(&start).unwrap_or_default();
        if !is_changed
            && !known.is_empty()
            && known.values().all(|check| check.verdict.0 != AlertVerdict::Waiting)
        {
            continue;
        }
        let look = alerts::look(&mut reading, expected, &alert.rule, start).await?;
        let mut told = Vec::new();
        for found in &look.found {
            if keep(tenant, alert, subject, (start, known.get(&found.line)), found).await? {
                told.push(found.line.clone());
            }
        }
        if !told.is_empty() {
            news.push((look, told));
        }
    }
    drop(reading);
    if !alert.recipients.contains(&subject) || news.is_empty() {
        return Ok(None);
    }
    tell(tenant, alert, subject, &news, now).await
}

/// Keeps a verdict; whether it is one to tell of: a breach that is new, or one that was told of and is none any more.
async fn keep(
    tenant: &mut Tenant,
    alert: &Alert,
    subject: Uuid,
    (period_start, known): (NaiveDate, Option<&Check>),
    found: &Found,
) -> anyhow::Result<bool> {
    let id = AlertId(alert.id);
    let judged = &found.judgement;
    let new = NewCheck {
        alert: id,
        subject,
        period_start,
        line: &found.line,
        line_name: &found.name,
        verdict: judged.verdict,
        value: judged.value,
        expected: judged.expected,
        low: judged.low,
        high: judged.high,
        why: &judged.why,
    };
    kept::insert_check(tenant, &new).await?;
    let was_breached = known.is_some_and(|check| check.verdict.0 == AlertVerdict::Breached);
    if judged.verdict != AlertVerdict::Breached || was_breached {
        let was_told = known.is_some_and(|check| check.email_id.is_some());
        return Ok(was_breached && was_told && judged.verdict != AlertVerdict::Breached);
    }
    let is_repeated = alert.repeat.0 == AlertRepeat::Once
        && kept::is_reported(tenant, id, subject, (period_start, found.line.as_str())).await?;
    Ok(!is_repeated)
}

async fn tell(
    tenant: &mut Tenant,
    alert: &Alert,
    subject: Uuid,
    news: &[(Look, Vec<String>)],
    now: DateTime<Utc>,
) -> anyhow::Result<Option<EmailRequested>> {
    // Of somebody who has left there is none.
    let Some(address) = mail_choices::own_address(tenant, UserId(subject)).await? else { return Ok(None) };
    let organization = organizations::find(tenant).await?.map(|found| found.name).unwrap_or_default();
    let looks: Vec<(&Look, Vec<&Found>)> = news
        .iter()
        .map(|(look, told)| (look, look.found.iter().filter(|found| told.contains(&found.line)).collect()))
        .collect();
    let mail = alerts::tell(&organization, &alert.name, &alert.rule, &looks);
    let quiet = alert.quiet.as_ref().and_then(|hours| Quiet::try_from(hours).ok());
    let held = quiet.and_then(|quiet| quiet.end_at(now));
    let wake = emails::write(tenant, EmailType::Anomaly, &address, &mail, None).await?;
    if let Some(end) = held {
        emails::hold_until(tenant, wake.email_id, end).await?;
    }
    let mut figures = 0;
    for (look, told) in news {
        figures += told.len();
        let of_period = (look.period.from, told.as_slice());
        kept::mark_told(tenant, AlertId(alert.id), subject, of_period, wake.email_id).await?;
    }
    tenant
        .record(event(alert, Action::AlertRaised).with("told", subject.to_string()).with("figures", figures));
    Ok(Some(wake))
}

async fn stop(tenant: &mut Tenant, alert: &Alert, why: &Finding) -> anyhow::Result<Vec<EmailRequested>> {
    let mails = kept::stop(tenant, alert, why).await?;
    let event = event(alert, Action::AlertStopped).outcome(AuditOutcome::Failed);
    tenant.record(event.with("reason", why.code.as_str()));
    Ok(mails)
}

/// The periods that are over and were not so long ago that their files can still be waited for, the oldest first.
fn periods(alert: &Alert, today: NaiveDate) -> Vec<NaiveDate> {
    let every = alert.rule.every;
    let most = match every {
        AlertPeriod::Day => 14,
        AlertPeriod::Week => 8,
        AlertPeriod::Month => 4,
    };
    let before = |start: &NaiveDate| alerts::last_period(every, *start);
    let mut periods: Vec<NaiveDate> = std::iter::successors(alerts::last_period(every, today), before)
        .take(most)
        .take_while(|start| *start >= alert.since)
        .collect();
    periods.reverse();
    periods
}

fn event(alert: &Alert, action: Action) -> Event {
    Event::new(action)
        .about(Subject::new("alert", alert.id))
        .with("name", alert.name.as_str())
        .with("owner", alert.owner.to_string())
}

fn lost(permission: &str) -> Finding {
    Finding {
        code: "owner_lost_rights".to_owned(),
        message: format!(
            "Whoever it watches for has no permission {permission} any more. Somebody who has it can resume it."
        ),
    }
}

#[cfg(test)]
mod tests;
