//! What templates see: counted, capped, and safe to print on one line.

mod upload;

use domain::{
    AccountMail, DigestMail, EmailType, NoticeMail, ReminderMail, ReportMail, ScheduleMail, UploadMail,
    visible_line,
};
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::{Additions, reminder};

/// Longest text shown from a file or a person.
const MOST_CHARS: usize = 300;

/// Everything that the templates of this kind may print.
pub(crate) fn of(
    kind: EmailType,
    payload: &Value,
    public_url: &str,
    additions: &Additions<'_>,
) -> Result<Value, serde_json::Error> {
    let home = public_url.trim_end_matches('/');
    let mut view = match kind {
        EmailType::UploadCompleted
        | EmailType::UploadNeedsReview
        | EmailType::UploadRejected
        | EmailType::UploadDuplicate
        | EmailType::UploadFailed => upload::of(&UploadMail::deserialize(payload)?, home)?,
        EmailType::EmailVerification => of_account(payload, &format!("{home}/verify-email"), additions)?,
        EmailType::PasswordReset => of_account(payload, &format!("{home}/reset-password"), additions)?,
        EmailType::Invitation => of_account(payload, &format!("{home}/accept-invitation"), additions)?,
        EmailType::ReportReady | EmailType::ReportFailed => {
            of_report(&ReportMail::deserialize(payload)?, home, additions)
        }
        EmailType::ScheduleStopped => of_schedule(&ScheduleMail::deserialize(payload)?, home)?,
        EmailType::FileMissing | EmailType::Anomaly => of_notice(&NoticeMail::deserialize(payload)?, home)?,
        EmailType::FileReminder => of_reminder(&ReminderMail::deserialize(payload)?),
        EmailType::Digest => of_digest(&DigestMail::deserialize(payload)?, home),
    };
    view["unsubscribe"] = additions.unsubscribe.into();
    Ok(view)
}

fn of_account(payload: &Value, page: &str, additions: &Additions<'_>) -> Result<Value, serde_json::Error> {
    let mail = AccountMail::deserialize(payload)?;
    let mut value = json!({ "organization": mail.organization, "invited_by": mail.invited_by });
    make_visible(&mut value);
    // Behind a hash no server between the reader and the page is told the token, and no log keeps it.
    value["link"] = format!("{page}#token={}", additions.token).into();
    Ok(value)
}

fn of_report(mail: &ReportMail, home: &str, additions: &Additions<'_>) -> Value {
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
    value
}

fn of_schedule(mail: &ScheduleMail, home: &str) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(mail)?;
    make_visible(&mut value);
    value["link"] = format!("{home}/report-schedules/{}", mail.schedule_id).into();
    Ok(value)
}

fn of_notice(mail: &NoticeMail, home: &str) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(mail)?;
    make_visible(&mut value);
    value["link"] = format!("{home}/{}", visible_line(&mail.page).trim_start_matches('/')).into();
    Ok(value)
}

/// Somebody has approved every word of it: nothing is shortened, and nothing but line breaks stays invisible.
fn of_reminder(mail: &ReminderMail) -> Value {
    let lines: Vec<String> = mail.body.lines().map(|line| visible_line(line).trim().to_owned()).collect();
    let paragraphs: Vec<&[String]> =
        lines.split(|line| line.is_empty()).filter(|paragraph| !paragraph.is_empty()).collect();
    let (sent_for, end_words) = reminder::footer(mail.language, &visible_line(&mail.organization));
    json!({
        "subject": visible_line(&mail.subject),
        "paragraphs": paragraphs,
        "organization": visible_line(&mail.organization),
        "language": mail.language,
        "sent_for": sent_for,
        "end_words": end_words,
    })
}

fn of_digest(mail: &DigestMail, home: &str) -> Value {
    let items: Vec<Value> = mail
        .items
        .iter()
        .map(
            |item| json!({ "subject": item.subject, "at": item.at.format("%Y-%m-%d %H:%M UTC").to_string() }),
        )
        .collect();
    let mut value = json!({ "organization": mail.organization, "count": items.len(), "items": items });
    make_visible(&mut value);
    value["link"] = home.into();
    value
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
