//! Mails about a report: with it to its readers, or without it to whoever waits for it.

use data::{
    Tenant, emails, organizations, report_runs,
    reports::{self, Report},
    users,
};
use domain::{EmailRequested, EmailType, Finding, MailFile, ReportId, ReportMail, ReportRunId, UserId};

use crate::{
    kinds,
    make::{self, Ready},
};

/// Writes a mail to each of its readers into the outbox; send the wake-ups after the commit.
pub(crate) async fn ready(
    tenant: &mut Tenant,
    report: &Report,
    ready: &Ready,
) -> Result<Vec<EmailRequested>, data::Error> {
    if report.recipients.is_empty() {
        return Ok(Vec::new());
    }
    let file = MailFile {
        object_key: reports::object_key(tenant.org(), ReportId(report.id), report.format.0),
        name: report.file_name(),
        format: report.format.0,
        size_bytes: ready.made.size_bytes.unsigned_abs(),
    };
    let mail = ReportMail { file: Some(file), note: ready.note.clone(), ..mail(tenant, report).await? };
    let request = report.request_id.as_deref();
    let mut wakes = Vec::new();
    for recipient in &report.recipients {
        wakes.push(emails::write(tenant, EmailType::ReportReady, recipient, &mail, request).await?);
    }
    Ok(wakes)
}

/// Tells whoever asked that there is no report, if readers wait for it.
pub(crate) async fn failed(
    tenant: &mut Tenant,
    report: &Report,
    finding: &Finding,
) -> Result<Vec<EmailRequested>, data::Error> {
    if report.recipients.is_empty() {
        return Ok(Vec::new());
    }
    // A key has no mailbox, and somebody who has left reads none.
    let Some(user) = users::find(tenant, UserId(report.requested_by)).await? else { return Ok(Vec::new()) };
    let mail = ReportMail { error: Some(finding.clone()), ..mail(tenant, report).await? };
    let request = report.request_id.as_deref();
    let kind = EmailType::ReportFailed;
    Ok(vec![emails::write(tenant, kind, &user.email, &mail, request).await?])
}

async fn mail(tenant: &mut Tenant, report: &Report) -> Result<ReportMail, data::Error> {
    let organization = organizations::find(tenant).await?.map(|organization| organization.name);
    let schedule = match report.run_id {
        Some(run) => report_runs::schedule_name(tenant, ReportRunId(run)).await?,
        None => None,
    };
    Ok(ReportMail {
        report_id: ReportId(report.id),
        title: report.kind.0.title().to_owned(),
        period: kinds::in_words(report.days(), make::locale(report)),
        organization: organization.unwrap_or_default(),
        schedule,
        file: None,
        corrected: report.corrected_of.is_some(),
        note: None,
        error: None,
    })
}
