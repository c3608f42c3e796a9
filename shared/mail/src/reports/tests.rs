use serde_json::{Value, json};

use super::*;

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:mail-events";
const ORG: &str = "01994d2e-0000-7000-8000-000000000001";
const EMAIL: &str = "01994d2e-0000-7000-8000-0000000000e1";

fn report(event: &str, more: Value) -> Value {
    let mut report = json!({
        "eventType": event,
        "mail": { "timestamp": "2026-01-05T07:00:00.000Z", "messageId": "ses-1", "source": "x", "destination": ["ana@brand.example"],
            "tags": { "ses:configuration-set": ["c"], "org": [ORG], "email": [EMAIL] } }
    });
    report.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    report
}

fn sent_by(topic: &str, report: &Value) -> String {
    json!({ "Type": "Notification", "MessageId": "m", "TopicArn": topic, "Message": report.to_string(),
        "Signature": "x", "SigningCertURL": "http://169.254.169.254/" })
    .to_string()
}

fn bounce(kind: &str) -> Value {
    report(
        "Bounce",
        json!({ "bounce": { "bounceType": kind, "bounceSubType": "General", "timestamp": "2026-01-05T07:00:01Z",
        "bouncedRecipients": [{ "emailAddress": "ana@brand.example", "action": "failed", "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1\r\nuser unknown" }] } }),
    )
}

#[test]
fn every_report_of_ses_is_understood() {
    let at = "2026-01-05T07:00:02Z";
    for (report, event, suppress) in [
        (report("Send", json!({ "send": {} })), EmailEvent::Accepted, None),
        (
            report("Delivery", json!({ "delivery": { "timestamp": at, "smtpResponse": "250 ok" } })),
            EmailEvent::Delivered,
            None,
        ),
        (
            report(
                "DeliveryDelay",
                json!({ "deliveryDelay": { "timestamp": at, "delayType": "MailboxFull" } }),
            ),
            EmailEvent::Delayed,
            None,
        ),
        (report("Reject", json!({ "reject": { "reason": "Bad content" } })), EmailEvent::Rejected, None),
        (bounce("Permanent"), EmailEvent::Bounced, Some(SuppressionReason::Bounce)),
        (bounce("Transient"), EmailEvent::Bounced, None),
        (
            report(
                "Complaint",
                json!({ "complaint": { "timestamp": at, "complaintFeedbackType": "abuse",
                "complainedRecipients": [{ "emailAddress": "ana@brand.example" }] } }),
            ),
            EmailEvent::Complained,
            Some(SuppressionReason::Complaint),
        ),
    ] {
        let notice = read(&sent_by(TOPIC, &report), TOPIC).unwrap();
        assert_eq!((notice.event, notice.suppress), (event, suppress));
        assert_eq!((notice.org.to_string(), notice.email.to_string()), (ORG.to_owned(), EMAIL.to_owned()));
        assert!(!notice.detail.unwrap_or_default().contains('\n'));
    }
}

#[test]
fn strangers_are_not_believed() {
    let good = report("Send", json!({}));
    assert_eq!(
        read(&sent_by("arn:aws:sns:eu-central-1:666:mail-events", &good), TOPIC).unwrap_err(),
        Ignored::Stranger
    );
    let confirm = json!({ "Type": "SubscriptionConfirmation", "TopicArn": TOPIC, "Message": "x", "SubscribeURL": "http://evil.example" });
    assert_eq!(read(&confirm.to_string(), TOPIC).unwrap_err(), Ignored::Stranger);
    // The report without its envelope: whoever sends that is not the topic.
    assert_eq!(read(&good.to_string(), TOPIC).unwrap_err(), Ignored::Stranger);
    for body in ["", "[]", "null", "{", "\u{0}", &"[".repeat(100_000)] {
        assert_eq!(read(body, TOPIC).unwrap_err(), Ignored::Stranger);
    }
}

#[test]
fn what_is_no_report_about_a_mail_of_ours_says_nothing() {
    let mut two = report("Send", json!({}));
    two["mail"]["tags"]["email"] = json!([EMAIL, EMAIL]);
    let mut words = report("Send", json!({}));
    words["mail"]["tags"]["org"] = json!(["' OR 1=1 --"]);
    let mut none = report("Send", json!({}));
    none["mail"].as_object_mut().unwrap().remove("tags");
    for untagged in [two, words, none] {
        assert_eq!(read(&sent_by(TOPIC, &untagged), TOPIC).unwrap_err(), Ignored::Untagged);
    }
    for unreadable in
        [json!({}), json!({"eventType": 1}), json!({"eventType": "Send", "mail": {"timestamp": "soon"}})]
    {
        assert_eq!(read(&sent_by(TOPIC, &unreadable), TOPIC).unwrap_err(), Ignored::Unreadable);
    }
    for dull in [report("Open", json!({})), report("Bounce", json!({}))] {
        assert_eq!(read(&sent_by(TOPIC, &dull), TOPIC).unwrap_err(), Ignored::Uninteresting);
    }
}

#[test]
fn long_words_of_other_servers_are_cut() {
    let mut report = bounce("Permanent");
    report["bounce"]["bouncedRecipients"][0]["diagnosticCode"] = "x".repeat(100_000).into();
    let notice = read(&sent_by(TOPIC, &report), TOPIC).unwrap();
    assert_eq!(notice.detail.unwrap().chars().count(), 500);
}
