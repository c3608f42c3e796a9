use cloud::ObjectStore;
use data::{
    SecretToken,
    emails::{EmailFilter, EmailLog, NewEmail, Report},
    mail_choices, suppressions,
    user_tokens::{self, Purpose},
};
use domain::{EmailEvent, EmailStatus, EmailType, MailChoice, OrgId, SuppressionReason, UserId};
use edge::sqs::run_batch;
use mail::{Failure, Mailer, MemoryMailer, Templates};
use serde_json::{Value, json};
use testkit::{TestDatabase, event};
use tokio::time::{Duration, Instant};

use super::*;

mod deaths;
mod files;
mod readers;

struct Setting {
    db: TestDatabase,
    ctx: Context,
    mailer: MemoryMailer,
    org: OrgId,
    owner: UserId,
}

async fn setting() -> Setting {
    let db = TestDatabase::new().await;
    let seeded = db.seed("acme").await;
    let mailer = MemoryMailer::default();
    let ctx = Context {
        db: db.app().clone(),
        mailer: Mailer::Memory(mailer.clone()),
        templates: Templates::new("https://shelfline.example").unwrap(),
        from: "Shelfline <reports@shelfline.example>".parse().unwrap(),
        reports: ObjectStore::memory(),
        api_url: "https://api.shelfline.example".to_owned(),
        retry: Duration::from_secs(300),
    };
    Setting { db, ctx, mailer, org: seeded.org, owner: seeded.owner }
}

fn payload() -> Value {
    json!({
        "upload_id": "01994d2e-0000-7000-8000-0000000000a1", "file_name": "Liberty 2026-01.xlsm", "vendor": "liberty",
        "periods": [], "rows": {"read": 3, "accepted": 3, "rejected": 0, "ignored": 0}, "totals": [], "controls": [],
        "changes": {"added": 3, "changed": 0, "removed": 0, "unchanged": 0}, "warnings": [], "questions": [],
        "error": null, "duplicate_of": null
    })
}

impl Setting {
    async fn queue(&self, recipient: &str, payload: &Value) -> EmailRequested {
        self.queue_kind(EmailType::UploadCompleted, recipient, payload).await
    }

    async fn queue_kind(&self, kind: EmailType, recipient: &str, payload: &Value) -> EmailRequested {
        let id = EmailId::new();
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        let email = NewEmail { id, kind, recipient, payload, upload_id: None, request_id: None };
        emails::insert(&mut tenant, &email).await.unwrap();
        tenant.commit().await.unwrap();
        EmailRequested { org_id: self.org, email_id: id }
    }

    async fn deliver(&self, body: EmailRequested) -> Result<(), JobError> {
        handle(&self.ctx, Message { id: "m".to_owned(), receive_count: 1, body }).await
    }

    /// Lets time go by.
    async fn pass(&self, minutes: i32) {
        let back = "UPDATE email_logs SET next_try_at = next_try_at - make_interval(mins => $1),
             created_at = created_at - make_interval(mins => $1)";
        sqlx::query(back).bind(minutes).execute(self.db.admin()).await.unwrap();
    }

    async fn history(&self, request: EmailRequested) -> Vec<EmailEvent> {
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        let events = emails::events(&mut tenant, request.email_id).await.unwrap();
        events.into_iter().map(|event| event.what).collect()
    }

    async fn log(&self) -> EmailLog {
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        emails::list(&mut tenant, &EmailFilter::default(), 10, None).await.unwrap().remove(0)
    }
}

#[tokio::test]
async fn a_message_delivered_twice_sends_exactly_one_mail() {
    let setting = setting().await;
    let request = setting.queue("ana@brand.example", &payload()).await;
    setting.deliver(request).await.unwrap();
    setting.deliver(request).await.unwrap();

    let sent = setting.mailer.sent();
    assert_eq!(sent.len(), 1);
    let log = setting.log().await;
    assert_eq!((log.status, log.attempts, log.error), (EmailStatus::Sent, 1, None));
    assert_eq!(log.subject.as_deref(), Some("Booked: Liberty 2026-01.xlsm (liberty), 3 rows"));
    assert_eq!(log.size_bytes, Some(sent[0].len() as u64));
    let text = String::from_utf8(sent[0].clone()).unwrap();
    assert!(text.contains(&format!("<{}@shelfline.example>", request.email_id)), "{text}");
}

#[tokio::test]
async fn workers_side_by_side_send_exactly_one_mail() {
    let setting = setting().await;
    let request = setting.queue("ana@brand.example", &payload()).await;
    let (first, second) = tokio::join!(setting.deliver(request), setting.deliver(request));
    first.unwrap();
    second.unwrap();
    assert_eq!(setting.mailer.sent().len(), 1);
}

#[tokio::test]
async fn a_mail_is_tried_at_0_5_and_30_minutes_and_not_in_between() {
    let setting = setting().await;
    let request = setting.queue("ana@brand.example", &payload()).await;
    for (attempts, status) in [(1, EmailStatus::Queued), (2, EmailStatus::Queued)] {
        setting.mailer.fail_next(Failure::Unavailable);
        setting.deliver(request).await.unwrap();
        let log = setting.log().await;
        assert_eq!((log.status, log.attempts), (status, attempts));
        assert_eq!(log.error.as_deref(), Some("the mail service could not take the mail now"));
        // The same message once more, and a minute before its time: nothing.
        setting.deliver(request).await.unwrap();
        setting.pass(if attempts == 1 { 4 } else { 24 }).await;
        setting.deliver(request).await.unwrap();
        assert_eq!(setting.log().await.attempts, attempts);
        setting.pass(1).await;
    }
    setting.deliver(request).await.unwrap();
    let log = setting.log().await;
    assert_eq!((log.status, log.attempts, log.error), (EmailStatus::Sent, 3, None));
    use EmailEvent::{Accepted, NotAccepted, Tried};
    assert_eq!(setting.history(request).await, [Tried, NotAccepted, Tried, NotAccepted, Tried, Accepted]);
}

#[tokio::test]
async fn after_the_last_try_a_mail_has_failed() {
    let setting = setting().await;
    let request = setting.queue("ana@brand.example", &payload()).await;
    for _ in 1..TRIES_MAX {
        setting.mailer.fail_next(Failure::Unavailable);
        setting.deliver(request).await.unwrap();
        setting.pass(30).await;
    }
    setting.mailer.fail_next(Failure::Unavailable);
    assert!(matches!(setting.deliver(request).await, Err(JobError::Permanent(_))));
    let log = setting.log().await;
    assert_eq!((log.status, log.attempts), (EmailStatus::Failed, TRIES_MAX));
    setting.pass(600).await;
    setting.deliver(request).await.unwrap();
    assert!(setting.mailer.sent().is_empty());
}

#[tokio::test]
async fn what_no_try_can_help_fails_at_once_with_its_reason() {
    let cases = [
        ("ana@brand.example\r\nBcc: x@y.example", payload(), None, "not an address that mail can be sent to"),
        ("ana@brand.example", json!({}), None, "the stored figures of the mail cannot be read"),
        ("ana@brand.example", payload(), Some(Failure::Refused), "the mail service refused the mail"),
    ];
    for (recipient, payload, failure, reason) in cases {
        let setting = setting().await;
        failure.into_iter().for_each(|failure| setting.mailer.fail_next(failure));
        let request = setting.queue(recipient, &payload).await;
        assert!(matches!(setting.deliver(request).await, Err(JobError::Permanent(_))));
        let log = setting.log().await;
        assert_eq!((log.status, log.error.as_deref()), (EmailStatus::Failed, Some(reason)));
        assert!(setting.mailer.sent().is_empty());
    }
}

#[tokio::test]
async fn an_address_that_its_server_does_not_know_gets_no_further_mail() {
    let setting = setting().await;
    setting.mailer.fail_next(Failure::NoReader);
    let request = setting.queue("ana@brand.example", &payload()).await;
    assert!(matches!(setting.deliver(request).await, Err(JobError::Permanent(_))));
    assert_eq!(setting.log().await.status, EmailStatus::Failed);
    let mut tenant = setting.ctx.db.system(request.org_id).await.unwrap();
    let why = suppressions::of_address(&mut tenant, "ana@brand.example").await.unwrap();
    assert_eq!(why, Some(SuppressionReason::Bounce));
}

#[tokio::test]
async fn the_example_event_of_an_unknown_mail_is_acknowledged_and_a_message_of_another_shape_is_not() {
    let setting = setting().await;
    let mut batch = event("email-send/one-mail");
    let mut poison = batch["Records"][0].clone();
    poison["messageId"] = "poison".into();
    poison["body"] = r#"{"email_id": "x"}"#.into();
    batch["Records"].as_array_mut().unwrap().insert(0, poison);
    let event = serde_json::from_value(batch).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let response = run_batch(event, deadline, |message| handle(&setting.ctx, message)).await;
    let failed: Vec<&str> =
        response.batch_item_failures.iter().map(|failure| failure.item_identifier.as_str()).collect();
    assert_eq!(failed, ["poison"]);
}

/// The token in the link of a sent mail.
fn token_of(mime: &[u8]) -> SecretToken {
    let text = String::from_utf8(mime.to_vec()).unwrap().replace("=\r\n", "").replace("=3D", "=");
    let from = text.find("#token=").unwrap() + "#token=".len();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    SecretToken::read(text[from..].split(|c| !word(c)).next().unwrap()).unwrap()
}

#[tokio::test]
async fn a_mail_about_an_account_carries_a_token_that_only_its_reader_knows() {
    for (kind, purpose) in [
        (EmailType::PasswordReset, Purpose::PasswordReset),
        (EmailType::Invitation, Purpose::Invitation),
        (EmailType::EmailVerification, Purpose::EmailVerification),
    ] {
        let setting = setting().await;
        let payload = json!({ "user_id": setting.owner, "organization": "Acme", "invited_by": null });
        let request = setting.queue_kind(kind, "ana@brand.example", &payload).await;
        setting.mailer.fail_next(Failure::Unavailable);
        setting.deliver(request).await.unwrap();
        setting.pass(5).await;
        setting.deliver(request).await.unwrap();
        assert_eq!(setting.log().await.status, EmailStatus::Sent);
        let token = token_of(&setting.mailer.sent()[0]);
        let hash = token.hash();
        let stored: String =
            sqlx::query_scalar("SELECT string_agg(row_to_json(e)::text, '') FROM email_logs e")
                .fetch_one(setting.db.admin())
                .await
                .unwrap();
        assert!(!stored.contains(&token.into_text()), "{stored}");
        let mut tenant = setting.db.app().system(setting.org).await.unwrap();
        assert_eq!(user_tokens::take(&mut tenant, &hash, purpose).await.unwrap(), Some(setting.owner));
        assert_eq!(user_tokens::take(&mut tenant, &hash, purpose).await.unwrap(), None);
    }
}

#[tokio::test]
async fn nothing_is_sent_to_who_was_disabled_meanwhile() {
    let setting = setting().await;
    let payload = json!({ "user_id": setting.owner, "organization": "Acme", "invited_by": null });
    let request = setting.queue_kind(EmailType::PasswordReset, "ana@brand.example", &payload).await;
    sqlx::query("UPDATE users SET disabled_at = now()").execute(setting.db.admin()).await.unwrap();
    assert!(matches!(setting.deliver(request).await, Err(JobError::Permanent(_))));
    let log = setting.log().await;
    assert_eq!(
        (log.status, log.error.as_deref()),
        (EmailStatus::Failed, Some("its reader is disabled or gone"))
    );
    assert!(setting.mailer.sent().is_empty());
}
