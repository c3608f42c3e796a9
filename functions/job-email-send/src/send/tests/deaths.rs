//! Workers that die between two steps, and services that take a mail and say nothing.

use testkit::dies_after;

use super::*;

impl Setting {
    /// A worker that announced its try and died before it could call the mail service, or before it had the answer.
    async fn die_after_announcing(&self, request: EmailRequested) {
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        assert!(matches!(
            emails::claim(&mut tenant, request.email_id, false).await.unwrap(),
            Claim::Taken(_)
        ));
        emails::begin(&mut tenant, request.email_id, Duration::from_secs(300)).await.unwrap();
        tenant.commit().await.unwrap();
    }

    async fn report(&self, request: EmailRequested, event: EmailEvent) {
        let mut tenant = self.db.app().system(self.org).await.unwrap();
        let report = Report { event, at: chrono::Utc::now(), detail: None, message_id: "ses-1" };
        assert!(emails::note(&mut tenant, request.email_id, &report).await.unwrap());
        tenant.commit().await.unwrap();
    }
}

fn id_of(mime: &[u8]) -> String {
    mail_parser::MessageParser::default().parse(mime).unwrap().message_id().unwrap().to_owned()
}

#[tokio::test]
async fn a_worker_that_dies_before_it_announced_its_try_has_done_nothing() {
    let setting = setting().await;
    let request = setting.queue("ana@brand.example", &payload()).await;
    let mut tenant = setting.db.app().system(setting.org).await.unwrap();
    assert!(matches!(emails::claim(&mut tenant, request.email_id, false).await.unwrap(), Claim::Taken(_)));
    tenant.rollback().await.unwrap();
    setting.deliver(request).await.unwrap();
    assert_eq!((setting.mailer.sent().len(), setting.log().await.attempts), (1, 1));
}

#[tokio::test]
async fn after_a_death_a_report_of_the_mail_service_saves_the_second_mail() {
    let setting = setting().await;
    setting.mailer.report();
    let request = setting.queue("ana@brand.example", &payload()).await;
    setting.die_after_announcing(request).await;
    // The queue brings the message back: too early to know.
    setting.deliver(request).await.unwrap();
    assert_eq!(setting.log().await.status, EmailStatus::Sending);
    setting.report(request, EmailEvent::Accepted).await;
    setting.pass(60).await;
    setting.deliver(request).await.unwrap();
    assert!(setting.mailer.sent().is_empty(), "it had been sent by who died");
    assert_eq!(setting.log().await.status, EmailStatus::Sent);
}

#[tokio::test]
async fn after_a_death_without_a_report_the_mail_is_sent_when_its_pause_is_over() {
    let setting = setting().await;
    setting.mailer.report();
    let request = setting.queue("ana@brand.example", &payload()).await;
    setting.die_after_announcing(request).await;
    setting.pass(5).await;
    setting.deliver(request).await.unwrap();
    assert_eq!((setting.mailer.sent().len(), setting.log().await.status), (1, EmailStatus::Sent));
}

#[tokio::test]
async fn where_nobody_reports_the_mail_goes_again_at_once_under_the_same_message_id() {
    let setting = setting().await;
    let request = setting.queue("ana@brand.example", &payload()).await;
    setting.mailer.fail_next(Failure::Unanswered);
    setting.deliver(request).await.unwrap();
    assert_eq!(setting.log().await.status, EmailStatus::Queued);
    setting.pass(5).await;
    setting.die_after_announcing(request).await;
    setting.deliver(request).await.unwrap();
    assert_eq!(setting.log().await.status, EmailStatus::Sent);
    let ids: Vec<String> = setting.mailer.sent().iter().map(|mime| id_of(mime)).collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_service_that_takes_a_mail_and_hangs_up_gets_no_second_one_when_it_reports_the_first() {
    let setting = setting().await;
    setting.mailer.report();
    let request = setting.queue("ana@brand.example", &payload()).await;
    setting.mailer.fail_next(Failure::Unanswered);
    setting.deliver(request).await.unwrap();
    assert_eq!(setting.log().await.status, EmailStatus::Sending);
    setting.report(request, EmailEvent::Delivered).await;
    setting.pass(60).await;
    setting.deliver(request).await.unwrap();
    assert_eq!((setting.mailer.sent().len(), setting.log().await.status), (1, EmailStatus::Delivered));
}

#[tokio::test]
async fn who_was_taken_for_dead_does_not_send() {
    let setting = setting().await;
    let request = setting.queue("ana@brand.example", &payload()).await;
    setting.die_after_announcing(request).await;
    setting.deliver(request).await.unwrap();
    // The first one wakes up: its try is not the latest any more.
    let mut tenant = setting.db.app().system(setting.org).await.unwrap();
    assert!(!emails::hold(&mut tenant, request.email_id, 1).await.unwrap());
}

#[tokio::test]
async fn a_mail_that_kills_every_worker_ends() {
    for reports in [true, false] {
        let setting = setting().await;
        if reports {
            setting.mailer.report();
        }
        let request = setting.queue("ana@brand.example", &payload()).await;
        for _ in 0..if reports { TRIES_MAX } else { DEATHS_MAX } {
            setting.die_after_announcing(request).await;
            setting.pass(60).await;
        }
        assert!(matches!(setting.deliver(request).await, Err(JobError::Permanent(_))));
        assert_eq!(setting.log().await.status, EmailStatus::Failed);
        assert!(setting.mailer.sent().is_empty());
        // A late report still tells the truth.
        setting.report(request, EmailEvent::Delivered).await;
        assert_eq!(setting.log().await.status, EmailStatus::Delivered);
    }
}

/// Where the service reports what became of a mail, no death sends a second one; where it does not, no death sends one under another id.
#[tokio::test]
async fn a_worker_that_dies_anywhere_sends_one_mail() {
    for reports in [true, false] {
        let setting = setting().await;
        if reports {
            setting.mailer.report();
        }
        let mut deaths = 0;
        for waits in 0..40 {
            let request = setting.queue("ana@brand.example", &payload()).await;
            let before = setting.mailer.sent().len();
            let died = dies_after(waits, setting.deliver(request)).await.transpose().unwrap().is_none();
            if reports && setting.mailer.sent().len() > before {
                setting.report(request, EmailEvent::Accepted).await;
            }
            while setting.log().await.status != EmailStatus::Sent {
                setting.pass(60).await;
                setting.deliver(request).await.unwrap();
            }
            let mails = setting.mailer.sent().split_off(before);
            assert!(mails.len() == 1 || mails.len() == 2 && !reports, "after {waits} waits: {}", mails.len());
            assert!(mails.iter().all(|mime| id_of(mime) == id_of(&mails[0])), "after {waits} waits");
            deaths += u32::from(died);
        }
        assert!(deaths > 0, "it never died");
    }
}
