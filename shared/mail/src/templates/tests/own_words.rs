//! Mails in an organisation's own words, and made-up mails to look at.

use super::*;
use crate::{
    sample,
    wording::{check, variables},
};

fn render(kind: EmailType, subject: Option<&str>, intro: Option<&str>) -> Rendered {
    let additions = Additions {
        token: TOKEN,
        unsubscribe: Some("https://shelfline.example/v1/unsubscribe/t"),
        words: Words { subject, intro },
        ..Additions::default()
    };
    Templates::new("https://shelfline.example")
        .unwrap()
        .render(kind, &sample(kind).unwrap(), &additions)
        .unwrap()
}

#[test]
fn every_kind_has_a_sample_that_can_be_looked_at() {
    for kind in EmailType::ALL {
        let rendered = render(kind, None, None);
        assert!(
            !rendered.subject.is_empty() && rendered.text.contains("https://shelfline.example"),
            "{kind:?}"
        );
        assert!(rendered.text.contains("/v1/unsubscribe/t") && rendered.html.contains("/v1/unsubscribe/t"));
    }
    for kind in [EmailType::FileMissing, EmailType::FileReminder, EmailType::Anomaly, EmailType::Digest] {
        let rendered = render(kind, None, None);
        insta::assert_snapshot!(format!("{}_subject", kind.as_str()), rendered.subject);
        insta::assert_snapshot!(format!("{}_text", kind.as_str()), rendered.text);
        insta::assert_snapshot!(format!("{}_html", kind.as_str()), rendered.html);
    }
}

#[test]
fn own_words_take_the_place_of_ours_with_their_variables_filled_in() {
    let rendered = render(
        EmailType::ReportReady,
        Some("{{ organization }}: {{title}}, {{ period }}"),
        Some("Dear all,\nhere is {{ title }}. {{ unclosed"),
    );
    assert_eq!(rendered.subject, "Maison Exemple: Sales summary, January 2026");
    for part in [&rendered.text, &rendered.html] {
        assert!(part.contains("Dear all, here is Sales summary. {{ unclosed"), "{part}");
    }
}

#[test]
fn variables_that_a_kind_has_are_in_its_sample_and_others_are_refused() {
    for kind in EmailType::ALL {
        for name in variables(kind) {
            check(kind, &format!("{{{{ {name} }}}}")).unwrap();
            assert!(!render(kind, Some(&format!("<{{{{{name}}}}}>")), None).subject.contains("{{"));
        }
        assert_eq!(check(kind, "{{ link }}").unwrap_err().0, "link");
    }
    // What templates can do is nothing here.
    for text in ["{{ 7 * 7 }}", "{{ title | upper }}", "{{ range(9999999) }}", "{{}}"] {
        assert!(check(EmailType::ReportReady, text).is_err(), "{text}");
    }
    assert_eq!(
        render(EmailType::ReportReady, Some("{% for x in y %} {{ 7*7 }}!"), None).subject,
        "{% for x in y %} !"
    );
}

#[test]
fn own_words_add_neither_headers_nor_markup() {
    for hostile in HOSTILE {
        for kind in EmailType::ALL {
            let rendered = render(kind, Some(hostile), Some(hostile));
            assert!(!rendered.html.contains("<script"), "{}", rendered.html);
            let bytes = mime(&rendered);
            let parsed = parse(&bytes);
            assert_eq!(parsed.subject().unwrap_or_default(), rendered.subject);
            assert!(parsed.bcc().is_none() && parsed.cc().is_none());
        }
    }
}
