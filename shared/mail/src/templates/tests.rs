use chrono::DateTime;
use domain::{
    Control, EmailId, Finding, FirstUpload, MailChanges, MailPeriod, MailTotal, Period, PeriodChange,
    Question, QuestionOption, RowCounts, UploadId, UploadMail,
};
use mail_parser::{Message, MessageParser, MimeHeaders};
use uuid::Uuid;

use super::*;
use crate::{Address, Envelope, Mailbox, compose};

mod own_words;
mod reports;

const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>\"'&.xlsx",
    "a\r\nBcc: victim@example.com\r\n\r\nbody.csv",
    "\u{202E}xslx.exe \u{5d0}\u{5d1}\u{5d2} مرحبا.csv",
    "👩‍🔬 März – ventes €.xlsx",
    "{{ link }} {% raw %} =cmd|'/c calc'!A1",
];

fn control(name: &str, cell: &str, expected: i64, actual: i64) -> Control {
    Control {
        name: name.to_owned(),
        sheet: Some("Grand Total".to_owned()),
        cell: Some(cell.to_owned()),
        expected: rust_decimal::Decimal::new(expected, 2),
        actual: rust_decimal::Decimal::new(actual, 2),
        ok: expected == actual,
    }
}

fn mail(file_name: &str) -> UploadMail {
    UploadMail {
        upload_id: UploadId(Uuid::from_u128(7)),
        file_name: file_name.to_owned(),
        vendor: Some("liberty".to_owned()),
        periods: vec![MailPeriod {
            period: Period::month(2026, 1).unwrap(),
            currency: "GBP".parse().unwrap(),
            records: 9,
            quantity: 22.into(),
            amount_local: Some(rust_decimal::Decimal::new(756_600, 2)),
            change: PeriodChange::New,
        }],
        rows: RowCounts { read: 12, accepted: 9, rejected: 1, ignored: 2 },
        totals: vec![
            MailTotal {
                currency: "GBP".parse().unwrap(),
                quantity: 22.into(),
                amount_local: Some(rust_decimal::Decimal::new(756_600, 2)),
                amount_eur: Some(rust_decimal::Decimal::new(892_788, 2)),
            },
            MailTotal {
                currency: "PLN".parse().unwrap(),
                quantity: 3.into(),
                amount_local: None,
                amount_eur: None,
            },
        ],
        controls: vec![
            control("Grand Total / Flagship Actual / amount", "N95", 313_800, 313_800),
            control("Grand Total / Web Actual / amount", "O95", 442_800, 442_700),
        ],
        changes: MailChanges { added: 9, changed: 0, removed: 0, unchanged: 0 },
        warnings: vec![Finding {
            code: "fx_rate_missing".to_owned(),
            message: "There is no rate for PLN in 2026-01.".to_owned(),
        }],
        questions: Vec::new(),
        error: None,
        duplicate_of: None,
    }
}

fn of_kind(kind: EmailType, file_name: &str) -> UploadMail {
    let mut mail = mail(file_name);
    let error =
        |code: &str, message: &str| Some(Finding { code: code.to_owned(), message: message.to_owned() });
    match kind {
        EmailType::UploadCompleted => {
            mail.controls.pop();
        }
        EmailType::UploadNeedsReview => mail.questions.push(Question {
            id: "q1".to_owned(),
            code: "period_missing".to_owned(),
            message: "Which month does the file report?".to_owned(),
            cell: Some("A1".to_owned()),
            suggestion: None,
            options: vec![QuestionOption {
                value: "2026-01".to_owned(),
                label: "January 2026".to_owned(),
                evidence: "the file name says 01".to_owned(),
            }],
        }),
        EmailType::UploadRejected => {
            mail.error = error("encrypted", "The workbook is locked with a password.")
        }
        EmailType::UploadDuplicate => {
            mail.duplicate_of = Some(FirstUpload {
                upload_id: UploadId(Uuid::from_u128(6)),
                file_name: "January.xlsx".to_owned(),
                created_at: DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
            });
        }
        EmailType::UploadFailed => mail.error = error("internal", "The file could not be stored."),
        _ => {}
    }
    mail
}

const KINDS: [EmailType; 5] = [
    EmailType::UploadCompleted,
    EmailType::UploadNeedsReview,
    EmailType::UploadRejected,
    EmailType::UploadDuplicate,
    EmailType::UploadFailed,
];

fn render(kind: EmailType, mail: &UploadMail) -> Rendered {
    let templates = Templates::new("https://shelfline.example/").unwrap();
    templates.render(kind, &serde_json::to_value(mail).unwrap(), &Additions::default()).unwrap()
}

fn mime(rendered: &Rendered) -> Vec<u8> {
    let from: Mailbox = "Shelfline <reports@shelfline.example>".parse().unwrap();
    let made_at = DateTime::from_timestamp(1_767_225_600, 0).unwrap();
    let to: Address = "ana@brand.example".parse().unwrap();
    let envelope = Envelope {
        id: EmailId(Uuid::from_u128(5)),
        made_at,
        request_id: Some("r-1"),
        from: &from,
        to: &to,
        reply_to: None,
        unsubscribe: None,
    };
    compose(&envelope, rendered, None).unwrap()
}

fn parse(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

#[test]
fn every_mail_reads_as_intended() {
    for kind in KINDS {
        let rendered = render(kind, &of_kind(kind, "Liberty 2026-01.xlsm"));
        insta::assert_snapshot!(format!("{}_subject", kind.as_str()), rendered.subject);
        insta::assert_snapshot!(format!("{}_text", kind.as_str()), rendered.text);
        insta::assert_snapshot!(format!("{}_html", kind.as_str()), rendered.html);
    }
}

#[test]
fn a_composed_mail_is_read_back_by_another_parser() {
    let rendered = render(EmailType::UploadCompleted, &of_kind(EmailType::UploadCompleted, "März.xlsx"));
    let bytes = mime(&rendered);
    let parsed = parse(&bytes);
    assert_eq!(parsed.subject(), Some(rendered.subject.as_str()));
    assert_eq!(parsed.message_id(), Some("00000000-0000-0000-0000-000000000005@shelfline.example"));
    assert_eq!(parsed.date().unwrap().to_timestamp(), 1_767_225_600);
    let from = parsed.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("Shelfline"), Some("reports@shelfline.example")));
    assert_eq!(parsed.to().unwrap().first().unwrap().address(), Some("ana@brand.example"));
    assert_eq!(parsed.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), rendered.text.trim_end());
    assert_eq!(parsed.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), rendered.html.trim_end());
    assert_eq!(parsed.attachment_count(), 0);
    assert!(parsed.content_type().unwrap().subtype() == Some("alternative"));
}

#[test]
fn the_same_mail_composed_twice_has_the_same_message_id() {
    let rendered = render(EmailType::UploadFailed, &of_kind(EmailType::UploadFailed, "a.csv"));
    let (first, second) = (mime(&rendered), mime(&rendered));
    assert_eq!(parse(&first).message_id(), parse(&second).message_id());
}

#[test]
fn hostile_texts_neither_add_headers_nor_markup_nor_turn_the_text_around() {
    for kind in KINDS {
        for hostile in HOSTILE {
            let mut mail = of_kind(kind, hostile);
            mail.vendor = Some(hostile.to_owned());
            mail.warnings.push(Finding { code: "x".to_owned(), message: hostile.to_owned() });
            mail.controls.push(control(hostile, hostile, 1, 2));
            mail.error = Some(Finding { code: "x".to_owned(), message: hostile.to_owned() });
            let rendered = render(kind, &mail);
            assert!(!rendered.html.contains("<script"), "{}", rendered.html);
            for part in [&rendered.subject, &rendered.text, &rendered.html] {
                assert!(!part.contains('\u{202E}') && !part.contains('\r'), "{part}");
            }
            let bytes = mime(&rendered);
            let parsed = parse(&bytes);
            assert_eq!(parsed.subject(), Some(rendered.subject.as_str()));
            assert!(parsed.bcc().is_none() && parsed.cc().is_none());
            let known = [
                "Message-ID",
                "Date",
                "To",
                "From",
                "Subject",
                "Auto-Submitted",
                "MIME-Version",
                "Content-Type",
                "X-Request-Id",
            ];
            for header in parsed.headers() {
                assert!(
                    known.iter().any(|name| name.eq_ignore_ascii_case(header.name())),
                    "{}",
                    header.name()
                );
            }
        }
    }
}

#[test]
fn no_header_line_is_longer_than_a_server_takes() {
    for name in ["x".repeat(300), "é".repeat(300), "👩‍🔬".repeat(100)] {
        let rendered = render(EmailType::UploadCompleted, &of_kind(EmailType::UploadCompleted, &name));
        assert!(rendered.subject.chars().count() < 200);
        assert!(rendered.html.contains(&name.chars().take(200).collect::<String>()));
        let bytes = mime(&rendered);
        assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
        assert!(bytes.is_ascii());
    }
}

#[test]
fn a_long_list_is_cut_and_says_so() {
    let mut mail = of_kind(EmailType::UploadCompleted, "a.csv");
    mail.warnings = vec![mail.warnings[0].clone(); 25];
    let rendered = render(EmailType::UploadCompleted, &mail);
    assert_eq!(rendered.text.matches("There is no rate").count(), 10);
    assert!(rendered.text.contains("and 15 more"));
    assert!(rendered.html.contains("and 15 more"));
}

#[test]
fn a_payload_of_another_shape_is_a_permanent_error() {
    let templates = Templates::new("https://shelfline.example").unwrap();
    let error = templates
        .render(EmailType::UploadFailed, &serde_json::json!({"x": 1}), &Additions::default())
        .unwrap_err();
    assert!(error.is_permanent());
    assert_eq!(error.to_string(), "the stored figures of the mail cannot be read");
}

const ACCOUNT_KINDS: [EmailType; 3] =
    [EmailType::EmailVerification, EmailType::PasswordReset, EmailType::Invitation];
const TOKEN: &str = "AZlNLgAAcACAAAAAAAAAAQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

fn render_account(kind: EmailType, organization: &str, invited_by: Option<&str>) -> Rendered {
    let mail = domain::AccountMail {
        user_id: domain::UserId(Uuid::from_u128(8)),
        organization: organization.to_owned(),
        invited_by: invited_by.map(str::to_owned),
    };
    let templates = Templates::new("https://shelfline.example/").unwrap();
    let additions = Additions { token: TOKEN, ..Additions::default() };
    templates.render(kind, &serde_json::to_value(mail).unwrap(), &additions).unwrap()
}

#[test]
fn every_mail_about_an_account_reads_as_intended() {
    for kind in ACCOUNT_KINDS {
        let rendered = render_account(kind, "Maison Aveline", Some("Marta Kowalska"));
        insta::assert_snapshot!(format!("{}_subject", kind.as_str()), rendered.subject);
        insta::assert_snapshot!(format!("{}_text", kind.as_str()), rendered.text);
        insta::assert_snapshot!(format!("{}_html", kind.as_str()), rendered.html);
    }
}

#[test]
fn the_token_stands_in_the_link_behind_a_hash_and_nowhere_else() {
    for kind in ACCOUNT_KINDS {
        let rendered = render_account(kind, "Maison Aveline", None);
        assert!(!rendered.subject.contains(TOKEN));
        for part in [&rendered.text, &rendered.html] {
            let link = format!("#token={TOKEN}");
            assert_eq!((part.matches(TOKEN).count(), part.matches(&link).count()), (1, 1), "{part}");
        }
    }
}

#[test]
fn hostile_names_add_neither_headers_nor_markup_to_a_mail_about_an_account() {
    for kind in ACCOUNT_KINDS {
        for hostile in HOSTILE {
            let rendered = render_account(kind, hostile, Some(hostile));
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
