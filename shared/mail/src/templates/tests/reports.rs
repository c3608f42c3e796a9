//! Mails about reports and their schedules.

use domain::{MailFile, ReportFormat, ReportId, ReportMail, ReportScheduleId, ScheduleMail};

use super::*;

const KINDS: [EmailType; 3] = [EmailType::ReportReady, EmailType::ReportFailed, EmailType::ScheduleStopped];

/// The mail of this kind with `text` in every place where a text of somebody can stand.
fn payload(kind: EmailType, text: &str) -> Value {
    if kind == EmailType::ScheduleStopped {
        let mail = ScheduleMail {
            schedule_id: ReportScheduleId(Uuid::from_u128(3)),
            schedule: text.to_owned(),
            organization: text.to_owned(),
            reason: text.to_owned(),
        };
        return serde_json::to_value(mail).unwrap();
    }
    let mail = ReportMail {
        report_id: ReportId(Uuid::from_u128(2)),
        title: text.to_owned(),
        period: "January 2026".to_owned(),
        organization: text.to_owned(),
        schedule: Some(text.to_owned()),
        file: Some(MailFile {
            object_key: "reports/o/r.pdf".to_owned(),
            name: text.to_owned(),
            format: ReportFormat::Pdf,
            size_bytes: 1_234_567,
        }),
        corrected: false,
        note: Some(text.to_owned()),
        error: Some(Finding { code: "x".to_owned(), message: text.to_owned() }),
    };
    serde_json::to_value(mail).unwrap()
}

fn render(kind: EmailType, payload: &Value, additions: &Additions<'_>) -> Rendered {
    Templates::new("https://shelfline.example/").unwrap().render(kind, payload, additions).unwrap()
}

#[test]
fn every_mail_about_a_report_reads_as_intended() {
    for kind in KINDS {
        let rendered = render(kind, &payload(kind, "Sales summary"), &Additions::default());
        insta::assert_snapshot!(format!("{}_subject", kind.as_str()), rendered.subject);
        insta::assert_snapshot!(format!("{}_text", kind.as_str()), rendered.text);
        insta::assert_snapshot!(format!("{}_html", kind.as_str()), rendered.html);
    }
}

#[test]
fn a_corrected_report_that_is_too_large_says_both() {
    let mut payload = payload(EmailType::ReportReady, "Sales summary");
    payload["corrected"] = true.into();
    let url = format!("https://files.example/r.pdf?signature={}&x=1", "a".repeat(900));
    let until = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let additions =
        Additions { download: Some(Download { url: url.clone(), until }), ..Additions::default() };
    let rendered = render(EmailType::ReportReady, &payload, &additions);
    assert!(rendered.subject.starts_with("Corrected: Sales summary, January 2026"), "{}", rendered.subject);
    assert!(
        rendered.text.contains("too large for a mail (1.2 MB). Until 2026-01-01 00:00 UTC"),
        "{}",
        rendered.text
    );
    assert!(rendered.text.contains(&url) && !rendered.text.contains("Attached"), "{}", rendered.text);
    let bytes = mime(&rendered);
    let html = parse(&bytes).body_html(0).unwrap().into_owned();
    assert!(html.contains("signature=aaa") && !html.contains("Attached"), "{html}");
}

#[test]
fn hostile_texts_in_reports_add_neither_headers_nor_markup() {
    for kind in KINDS {
        for hostile in HOSTILE {
            let rendered = render(kind, &payload(kind, hostile), &Additions::default());
            assert!(!rendered.html.contains("<script"), "{}", rendered.html);
            for part in [&rendered.subject, &rendered.text, &rendered.html] {
                assert!(!part.contains('\u{202E}') && !part.contains('\r'), "{part}");
            }
            let bytes = mime(&rendered);
            let parsed = parse(&bytes);
            assert_eq!(parsed.subject(), Some(rendered.subject.as_str()));
            assert!(parsed.bcc().is_none() && parsed.cc().is_none());
        }
    }
}
