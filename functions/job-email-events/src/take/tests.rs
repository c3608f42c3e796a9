use data::emails::NewEmail;
use domain::{EmailId, EmailStatus, EmailType, OrgId, SuppressionReason};
use serde_json::json;
use testkit::{TestDatabase, event};

use super::*;

const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:mail-events";

struct Setting {
    db: TestDatabase,
    ctx: Context,
    org: OrgId,
    email: EmailId,
}

impl Setting {
    async fn new() -> Self {
        let db = TestDatabase::new().await;
        let org = db.seed("acme").await.org;
        let (email, payload) = (EmailId::new(), json!({}));
        let mut tenant = db.app().system(org).await.unwrap();
        let new = NewEmail {
            id: email,
            kind: EmailType::UploadCompleted,
            recipient: "ana@brand.example",
            payload: &payload,
            upload_id: None,
            request_id: None,
        };
        emails::insert(&mut tenant, &new).await.unwrap();
        tenant.commit().await.unwrap();
        Self { ctx: Context { db: db.app().clone(), topic: TOPIC.to_owned() }, db, org, email }
    }

    fn bounce(&self, org: OrgId, address: &str) -> Value {
        let report = json!({
            "eventType": "Bounce",
            "mail": { "timestamp": "2026-01-05T07:00:00.000Z", "messageId": "ses-1",
                "tags": { "org": [org], "email": [self.email] } },
            "bounce": { "bounceType": "Permanent", "timestamp": "2026-01-05T07:00:01Z",
                "bouncedRecipients": [{ "emailAddress": address, "diagnosticCode": "550 5.1.1" }] }
        });
        json!({ "Type": "Notification", "TopicArn": TOPIC, "Message": report.to_string() })
    }

    async fn take(&self, body: Value) {
        handle(&self.ctx, Message { id: "m".to_owned(), receive_count: 1, body }).await.unwrap();
    }

    /// Status of the mail, how many events it has, and whether its reader is suppressed.
    async fn state(&self) -> (EmailStatus, usize, Option<SuppressionReason>) {
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        let found = emails::find(&mut tenant, self.email).await.unwrap().unwrap();
        let events = emails::events(&mut tenant, self.email).await.unwrap().len();
        let suppressed = suppressions::of_address(&mut tenant, "ana@brand.example").await.unwrap();
        (found.log.status, events, suppressed)
    }
}

#[tokio::test]
async fn a_mail_that_came_back_is_marked_and_its_address_gets_no_more() {
    let setting = Setting::new().await;
    let bounce = setting.bounce(setting.org, "Ana@brand.example");
    setting.take(bounce.clone()).await;
    let bounced = (EmailStatus::Bounced, 1, Some(SuppressionReason::Bounce));
    assert_eq!(setting.state().await, bounced);
    // The queue brings it again, also after somebody has lifted the suppression: that stays lifted.
    sqlx::query("DELETE FROM suppressed_addresses").execute(setting.db.admin()).await.unwrap();
    setting.take(bounce).await;
    assert_eq!(setting.state().await, (EmailStatus::Bounced, 1, None));
}

#[tokio::test]
async fn what_nobody_of_us_sent_changes_nothing() {
    let setting = Setting::new().await;
    let elsewhere = setting.db.seed("other").await.org;
    for body in [
        json!(null),
        json!({ "Type": "SubscriptionConfirmation", "TopicArn": TOPIC, "Message": "x", "SubscribeURL": "http://x" }),
        setting.bounce(elsewhere, "ana@brand.example"),
        setting.bounce(OrgId::new(), "ana@brand.example"),
        setting.bounce(setting.org, "bea@brand.example"),
    ] {
        setting.take(body).await;
    }
    assert_eq!(setting.state().await, (EmailStatus::Queued, 0, None));
}

#[tokio::test]
async fn the_example_event_is_acknowledged() {
    let setting = Setting::new().await;
    let batch = event("email-events/bounce");
    let body = serde_json::from_str(batch["Records"][0]["body"].as_str().unwrap()).unwrap();
    setting.take(body).await;
    assert_eq!(setting.state().await, (EmailStatus::Queued, 0, None), "the example is about nobody's mail");
}
