//! What templates see: counted, capped, and safe to print on one line.

use domain::{
    AccountMail, Control, EmailType, FirstUpload, MailChanges, Question, ReportMail, RowCounts, ScheduleMail,
    UploadMail, visible_line,
};
use serde::{Deserialize as _, Serialize};
use serde_json::{Value, json};

use crate::Additions;

/// A mail is read on a phone: whoever wants more than this many of a kind opens the upload.
const MOST_OF_A_KIND: usize = 10;

/// Longest text shown from a file or a person.
const MOST_CHARS: usize = 300;

/// The first few of a list and how many follow.
#[derive(Serialize)]
struct Listed<T> {
    shown: Vec<T>,
    more: usize,
}

#[derive(Serialize)]
struct PeriodView {
    span: String,
    records: u64,
    quantity: String,
    amount: Option<String>,
    change: &'static str,
}

#[derive(Serialize)]
struct TotalView {
    currency: String,
    quantity: String,
    amount_local: Option<String>,
    amount_eur: Option<String>,
}

#[derive(Serialize)]
struct ControlView {
    name: String,
    place: Option<String>,
    expected: String,
    actual: String,
    difference: String,
}

#[derive(Serialize)]
struct Controls {
    checked: usize,
    tied: usize,
    failed: Listed<ControlView>,
}

#[derive(Serialize)]
struct View<'a> {
    link: String,
    file_name: &'a str,
    vendor: Option<&'a str>,
    periods: Listed<PeriodView>,
    rows: RowCounts,
    totals: Vec<TotalView>,
    controls: Controls,
    changes: MailChanges,
    warnings: Listed<&'a str>,
    questions: Listed<&'a Question>,
    error: Option<&'a str>,
    duplicate_of: Option<&'a FirstUpload>,
}

/// Everything that the templates of this kind may print.
pub(crate) fn of(
    kind: EmailType,
    payload: &Value,
    public_url: &str,
    additions: &Additions<'_>,
) -> Result<Value, serde_json::Error> {
    let home = public_url.trim_end_matches('/');
    match kind {
        EmailType::UploadCompleted
        | EmailType::UploadNeedsReview
        | EmailType::UploadRejected
        | EmailType::UploadDuplicate
        | EmailType::UploadFailed => of_upload(&UploadMail::deserialize(payload)?, home),
        EmailType::EmailVerification => of_account(payload, &format!("{home}/verify-email"), additions),
        EmailType::PasswordReset => of_account(payload, &format!("{home}/reset-password"), additions),
        EmailType::Invitation => of_account(payload, &format!("{home}/accept-invitation"), additions),
        EmailType::ReportReady | EmailType::ReportFailed => {
            of_report(&ReportMail::deserialize(payload)?, home, additions)
        }
        EmailType::ScheduleStopped => of_schedule(&ScheduleMail::deserialize(payload)?, home),
    }
}

fn of_account(payload: &Value, page: &str, additions: &Additions<'_>) -> Result<Value, serde_json::Error> {
    let mail = AccountMail::deserialize(payload)?;
    let mut value = json!({ "organization": mail.organization, "invited_by": mail.invited_by });
    make_visible(&mut value);
    // Behind a hash no server between the reader and the page is told the token, and no log keeps it.
    value["link"] = format!("{page}#token={}", additions.token).into();
    Ok(value)
}

fn of_report(mail: &ReportMail, home: &str, additions: &Additions<'_>) -> Result<Value, serde_json::Error> {
    let mut value = json!({
        "title": mail.title,
        "period": mail.period,
        "organization": mail.organization,
        "schedule": mail.schedule,
        "corrected": mail.corrected,
        "note": mail.note,
        "error": mail.error.as_ref().map(|error| error.message.as_str()),
        "file": mail.file.as_ref().map(|file| json!({ "name": file.name, "size": in_words(file.size_bytes) })),
    });
    make_visible(&mut value);
    value["link"] = format!("{home}/reports/{}", mail.report_id).into();
    // A link that was shortened would be none.
    value["download"] = additions.download.as_ref().map_or(Value::Null, |download| {
        json!({ "url": download.url, "until": download.until.format("%Y-%m-%d %H:%M UTC").to_string() })
    });
    Ok(value)
}

fn of_schedule(mail: &ScheduleMail, home: &str) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(mail)?;
    make_visible(&mut value);
    value["link"] = format!("{home}/report-schedules/{}", mail.schedule_id).into();
    Ok(value)
}

/// `840 bytes`, `12 kB` or `1.5 MB`, as people know sizes of files.
fn in_words(size_bytes: u64) -> String {
    match size_bytes {
        0..1_000 => format!("{size_bytes} bytes"),
        1_000..999_500 => format!("{} kB", (size_bytes + 500) / 1_000),
        _ => {
            let tenths = (size_bytes + 50_000) / 100_000;
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

fn of_upload(mail: &UploadMail, home: &str) -> Result<Value, serde_json::Error> {
    let failed = mail.controls.iter().filter(|control| !control.ok);
    let tied = mail.controls.iter().filter(|control| control.ok).count();
    let view = View {
        link: format!("{home}/uploads/{}", mail.upload_id),
        file_name: &mail.file_name,
        vendor: mail.vendor.as_deref(),
        periods: first(mail.periods.iter().map(|stated| PeriodView {
            span: format!("{} to {}", stated.period.start(), stated.period.end()),
            records: stated.records,
            quantity: stated.quantity.to_string(),
            amount: stated.amount_local.map(|amount| format!("{amount} {}", stated.currency)),
            change: stated.change.as_str(),
        })),
        rows: mail.rows,
        totals: mail
            .totals
            .iter()
            .map(|total| TotalView {
                currency: total.currency.to_string(),
                quantity: total.quantity.to_string(),
                amount_local: total.amount_local.map(|amount| amount.to_string()),
                amount_eur: total.amount_eur.map(|amount| amount.to_string()),
            })
            .collect(),
        controls: Controls { checked: mail.controls.len(), tied, failed: first(failed.map(control_view)) },
        changes: mail.changes,
        warnings: first(mail.warnings.iter().map(|warning| warning.message.as_str())),
        questions: first(mail.questions.iter()),
        error: mail.error.as_ref().map(|error| error.message.as_str()),
        duplicate_of: mail.duplicate_of.as_ref(),
    };
    let mut value = serde_json::to_value(view)?;
    make_visible(&mut value);
    Ok(value)
}

fn first<T>(mut items: impl Iterator<Item = T>) -> Listed<T> {
    Listed { shown: items.by_ref().take(MOST_OF_A_KIND).collect(), more: items.count() }
}

fn control_view(control: &Control) -> ControlView {
    let place: Vec<&str> =
        [control.sheet.as_deref(), control.cell.as_deref()].into_iter().flatten().collect();
    ControlView {
        name: control.name.clone(),
        place: Some(place.join(" ")).filter(|place| !place.is_empty()),
        expected: control.expected.to_string(),
        actual: control.actual.to_string(),
        difference: (control.actual - control.expected).to_string(),
    }
}

/// Every text becomes one visible line of bounded length, wherever it came from.
fn make_visible(value: &mut Value) {
    match value {
        Value::String(text) => *text = shorten(&visible_line(text), MOST_CHARS),
        Value::Array(items) => items.iter_mut().for_each(make_visible),
        Value::Object(fields) => fields.values_mut().for_each(make_visible),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// At most `most` characters; an ellipsis says that something is missing.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}
