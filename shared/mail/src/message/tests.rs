use mail_parser::{Message, MessageParser, MimeHeaders as _};
use uuid::Uuid;

use super::*;

fn composed(name: &str, media_type: &'static str, bytes: &[u8], unsubscribe: Option<&str>) -> Vec<u8> {
    let from: Mailbox = "Shelfline <reports@shelfline.example>".parse().unwrap();
    let to: Address = "ana@brand.example".parse().unwrap();
    let envelope = Envelope {
        id: EmailId(Uuid::from_u128(5)),
        made_at: DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
        request_id: None,
        from: &from,
        to: &to,
        reply_to: None,
        unsubscribe,
    };
    let rendered =
        Rendered { subject: "Sales".to_owned(), text: "text".to_owned(), html: "<p>html</p>".to_owned() };
    compose(&envelope, &rendered, Some(Attachment { name, media_type, bytes: bytes.to_vec() })).unwrap()
}

fn parse(bytes: &[u8]) -> Message<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

#[test]
fn an_attachment_arrives_byte_for_byte_beside_both_bodies() {
    let every_byte: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    let csv = b"\xef\xbb\xbfa;b\r\n1;2\n3;\"x\ny\"\r\n.\r\n--boundary\r\n".to_vec();
    for (name, media_type, bytes) in
        [("Sales 2026-01.pdf", "application/pdf", &every_byte), ("Sales 2026-01.csv", "text/csv", &csv)]
    {
        let mime = composed(name, media_type, bytes, None);
        let parsed = parse(&mime);
        assert_eq!(parsed.attachment_count(), 1);
        let part = parsed.attachment(0).unwrap();
        assert_eq!(part.contents(), &bytes[..], "{name}");
        assert_eq!(part.attachment_name(), Some(name));
        let kind = part.content_type().unwrap();
        assert_eq!(format!("{}/{}", kind.ctype(), kind.subtype().unwrap()), media_type);
        assert_eq!(parsed.body_text(0).unwrap().trim(), "text");
        assert_eq!(parsed.body_html(0).unwrap().trim(), "<p>html</p>");
        assert!(mime.is_ascii() && mime.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    }
}

#[test]
fn any_name_is_kept_as_far_as_a_file_may_have_it_and_starts_no_header() {
    let long = format!("{}.pdf", "Ä".repeat(300));
    for (given, kept) in [
        ("März – Übersicht 👩‍🔬.pdf", "März – Übersicht 👩‍🔬.pdf"),
        ("a\r\nBcc: victim@example.com\r\n\r\nx.pdf", "aBcc_ victim@example.comx.pdf"),
        ("../../etc/pass\"wd", "_.._etc_pass_wd"),
        ("\u{202E}fdp.exe", "fdp.exe"),
        ("مرحبا.pdf", "مرحبا.pdf"),
        (&long, &long),
        ("\r\n", "report"),
    ] {
        let mime = composed(given, "application/pdf", b"%PDF", None);
        let parsed = parse(&mime);
        assert_eq!(parsed.attachment(0).unwrap().attachment_name(), Some(kept));
        assert!(parsed.bcc().is_none());
    }
}

#[test]
fn mails_of_an_optional_kind_end_with_one_click() {
    let url = format!("https://shelfline.example/v1/unsubscribe/{}", "A".repeat(86));
    let mime = composed("a.pdf", "application/pdf", b"%PDF", Some(&url));
    let parsed = parse(&mime);
    // The parser takes the brackets off.
    let link = parsed.header("List-Unsubscribe").unwrap();
    assert!(format!("{link:?}").contains(&url), "{link:?}");
    let text = String::from_utf8(mime).unwrap();
    assert!(text.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{text}");
    assert!(
        !String::from_utf8(composed("a.pdf", "application/pdf", b"%PDF", None))
            .unwrap()
            .contains("Unsubscribe")
    );
}
