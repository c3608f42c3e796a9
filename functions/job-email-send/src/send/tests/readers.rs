//! Readers whose address does not work, and readers who want fewer mails.

use mail_parser::MessageParser;

use super::*;

impl Setting {
    async fn suppress(&self, reason: SuppressionReason) {
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        suppressions::add(&mut tenant, "Ana@Brand.example", reason, None).await.unwrap();
        tenant.commit().await.unwrap();
    }

    async fn choose(&self, kind: EmailType, choice: MailChoice) {
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        mail_choices::set(&mut tenant, "ana@brand.example", kind, choice).await.unwrap();
        tenant.commit().await.unwrap();
    }

    async fn ends(&self, kind: EmailType, payload: &Value) -> (EmailStatus, u32) {
        let request = self.queue_kind(kind, "ana@brand.example", payload).await;
        self.deliver(request).await.unwrap();
        let log = self.log().await;
        (log.status, log.attempts)
    }
}

#[tokio::test]
async fn no_mail_goes_to_an_address_that_bounced_and_only_asked_for_ones_to_who_complained() {
    let setting = setting().await;
    let account = json!({ "user_id": setting.owner, "organization": "Acme", "invited_by": null });
    setting.suppress(SuppressionReason::Bounce).await;
    for (kind, payload) in [(EmailType::UploadCompleted, &payload()), (EmailType::PasswordReset, &account)] {
        assert_eq!(setting.ends(kind, payload).await, (EmailStatus::Suppressed, 0));
    }
    assert!(setting.log().await.error.unwrap().contains("came back"));
    setting.suppress(SuppressionReason::Complaint).await;
    assert_eq!(setting.ends(EmailType::UploadCompleted, &payload()).await.0, EmailStatus::Suppressed);
    assert_eq!(setting.ends(EmailType::PasswordReset, &account).await.0, EmailStatus::Sent);
    assert_eq!(setting.mailer.sent().len(), 1);
}

#[tokio::test]
async fn a_reader_gets_mails_of_each_kind_as_chosen() {
    let setting = setting().await;
    setting.choose(EmailType::UploadCompleted, MailChoice::Off).await;
    setting.choose(EmailType::UploadFailed, MailChoice::Digest).await;
    assert_eq!(setting.ends(EmailType::UploadCompleted, &payload()).await, (EmailStatus::Muted, 0));
    assert_eq!(setting.ends(EmailType::UploadFailed, &payload()).await, (EmailStatus::Held, 0));
    assert_eq!(setting.log().await.subject.as_deref(), Some("Not processed: Liberty 2026-01.xlsm"));
    assert!(setting.mailer.sent().is_empty());
    assert_eq!(setting.ends(EmailType::UploadRejected, &payload()).await.0, EmailStatus::Sent);
    setting.choose(EmailType::UploadCompleted, MailChoice::On).await;
    assert_eq!(setting.ends(EmailType::UploadCompleted, &payload()).await.0, EmailStatus::Sent);
}

#[tokio::test]
async fn only_mails_that_a_reader_can_do_without_offer_an_end() {
    let setting = setting().await;
    let account = json!({ "user_id": setting.owner, "organization": "Acme", "invited_by": null });
    setting.ends(EmailType::UploadCompleted, &payload()).await;
    setting.ends(EmailType::PasswordReset, &account).await;
    let sent = setting.mailer.sent();
    let texts = [&sent[0], &sent[1]].map(|mime| String::from_utf8(mime.clone()).unwrap());
    assert!(texts[0].contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    assert!(!texts[1].contains("nsubscribe"));
    let parsed = MessageParser::default().parse(&sent[0]).unwrap();
    let body = parsed.body_text(0).unwrap();
    assert!(body.contains("https://api.shelfline.example/v1/unsubscribe/"), "{body}");
    assert!(!body.contains("ana@brand.example"));
}
