//! A mail of each kind with made-up contents, to be looked at before a real one is sent.

use chrono::DateTime;
use domain::{
    EmailType, Finding, MailFile, NoticeMail, Period, ReportFormat, ReportId, ReportLocale, ReportMail,
    ReportScheduleId,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::reminder::Reminder;

/// The payload of a made-up mail of this kind.
///
/// # Errors
/// Never, as long as payloads can be written as JSON.
pub fn sample(kind: EmailType) -> Result<Value, serde_json::Error> {
    let id = Uuid::from_u128(0x0199_4d2e_0000_7000_8000_0000_0000_00a1);
    match kind {
        EmailType::UploadCompleted
        | EmailType::UploadNeedsReview
        | EmailType::UploadRejected
        | EmailType::UploadDuplicate
        | EmailType::UploadFailed => Ok(upload(kind, id)),
        EmailType::EmailVerification | EmailType::PasswordReset | EmailType::Invitation => {
            Ok(json!({ "user_id": id, "organization": "Maison Exemple", "invited_by": "Ana Example" }))
        }
        EmailType::ReportReady | EmailType::ReportFailed => serde_json::to_value(report(kind, id)),
        EmailType::ScheduleStopped => Ok(json!({
            "schedule_id": ReportScheduleId(id), "schedule": "Every Monday", "organization": "Maison Exemple",
            "reason": "It failed five times in a row.",
        })),
        EmailType::FileMissing => serde_json::to_value(notice(
            "Galilu is 12 days late",
            "January 2026 usually comes by the 8th; nothing has come yet.",
            "coverage",
        )),
        EmailType::FileReminder => {
            let due_on = DateTime::UNIX_EPOCH.date_naive() + chrono::Days::new(20_496);
            let draft = Reminder {
                language: ReportLocale::English,
                organization: "Maison Exemple",
                contact: Some("Ana Example"),
                vendor: "Galilu",
                days: Period::week_before(due_on).unwrap_or(Period::day(due_on)),
                due_on,
            }
            .draft();
            Ok(json!({
                "organization": "Maison Exemple", "language": "en", "subject": draft.subject, "body": draft.body,
                "reply_to": "ana@maison.example",
            }))
        }
        EmailType::Anomaly => serde_json::to_value(notice(
            "Galilu is below 75 % of its average",
            "January 2026: 41 pieces, 58 % of the average of the 12 months before.",
            "analytics",
        )),
        EmailType::Digest => Ok(json!({
            "organization": "Maison Exemple",
            "items": [{ "type": "upload_completed", "subject": "Booked: Liberty 2026-01.xlsm (liberty), 9 rows",
                "at": DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_469) }],
        })),
    }
}

fn upload(kind: EmailType, id: Uuid) -> Value {
    let error = match kind {
        EmailType::UploadRejected => Some(("encrypted", "The workbook is locked with a password.")),
        EmailType::UploadFailed => Some(("internal", "The file could not be stored.")),
        _ => None,
    };
    let first = json!({ "upload_id": id, "file_name": "January.xlsx", "created_at": "2026-01-16T08:00:00Z" });
    let question = json!({ "id": "q1", "code": "period_missing", "message": "Which month does the file report?", "cell": "A1",
        "suggestion": null, "options": [{ "value": "2026-01", "label": "January 2026", "evidence": "the file name says 01" }] });
    json!({
        "upload_id": id, "file_name": "Liberty 2026-01.xlsm", "vendor": "liberty", "periods": [],
        "rows": { "read": 12, "accepted": 9, "rejected": 1, "ignored": 2 },
        "totals": [{ "currency": "GBP", "quantity": "22", "amount_local": "7566.00", "amount_eur": "8927.88" }],
        "controls": [], "changes": { "added": 9, "changed": 0, "removed": 0, "unchanged": 0 }, "warnings": [],
        "questions": if kind == EmailType::UploadNeedsReview { json!([question]) } else { json!([]) },
        "error": error.map(|(code, message)| json!({ "code": code, "message": message })),
        "duplicate_of": if kind == EmailType::UploadDuplicate { first } else { Value::Null },
    })
}

fn report(kind: EmailType, id: Uuid) -> ReportMail {
    let failed = kind == EmailType::ReportFailed;
    ReportMail {
        report_id: ReportId(id),
        title: "Sales summary".to_owned(),
        period: "January 2026".to_owned(),
        organization: "Maison Exemple".to_owned(),
        schedule: Some("Every first Monday".to_owned()),
        file: (!failed).then(|| MailFile {
            object_key: String::new(),
            name: "Sales summary 2026-01.pdf".to_owned(),
            format: ReportFormat::Pdf,
            size_bytes: 1_234_567,
        }),
        corrected: false,
        note: None,
        error: failed.then(|| Finding {
            code: "internal_error".to_owned(),
            message: "The report could not be made; we look into it.".to_owned(),
        }),
    }
}

fn notice(headline: &str, line: &str, page: &str) -> NoticeMail {
    NoticeMail {
        organization: "Maison Exemple".to_owned(),
        headline: headline.to_owned(),
        lines: vec![line.to_owned()],
        page: page.to_owned(),
    }
}
