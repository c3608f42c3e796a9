//! Outbox and log of mails.

use std::time::Duration;

use data::{
    MailLink, Tenant, digests,
    emails::{self, Claim, ClaimedEmail, Delivery, EmailFilter, NewEmail, Outcome, Report},
    mail_choices,
    mail_wordings::{self, Wording},
    suppressions,
};
use domain::{
    EmailEvent, EmailId, EmailRequested, EmailStatus, EmailType, MailChoice, OrgId, SuppressionReason,
};
use serde_json::json;
use testkit::TestDatabase;

async fn queue(db: &TestDatabase, org: OrgId, kind: EmailType) -> EmailId {
    let id = EmailId::new();
    let mut tenant = db.app().system(org).await.unwrap();
    let payload = json!({"n": 1});
    let email =
        NewEmail { id, kind, recipient: "a@b.example", payload: &payload, upload_id: None, request_id: None };
    emails::insert(&mut tenant, &email).await.unwrap();
    tenant.commit().await.unwrap();
    id
}

async fn taken(tenant: &mut Tenant, id: EmailId) -> ClaimedEmail {
    match emails::claim(tenant, id, false).await.unwrap() {
        Claim::Taken(email) => *email,
        other => panic!("not taken: {other:?}"),
    }
}

async fn list(tenant: &mut Tenant, filter: EmailFilter) -> Vec<emails::EmailLog> {
    emails::list(tenant, &filter, 10, None).await.unwrap()
}

/// Announces a try, as its own commit would.
async fn announce(db: &TestDatabase, org: OrgId, id: EmailId) -> Tenant {
    let mut tenant = db.app().system(org).await.unwrap();
    taken(&mut tenant, id).await;
    emails::begin(&mut tenant, id, Duration::from_secs(300)).await.unwrap();
    tenant.commit().await.unwrap();
    let mut tenant = db.app().system(org).await.unwrap();
    assert!(emails::hold(&mut tenant, id, 1).await.unwrap());
    tenant
}

#[tokio::test]
async fn a_mail_is_claimed_by_one_worker_and_its_delivery_is_logged() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let id = queue(&db, org, EmailType::UploadCompleted).await;
    let mut first = db.app().system(org).await.unwrap();
    let email = taken(&mut first, id).await;
    assert_eq!((email.attempts, email.kind), (0, EmailType::UploadCompleted));
    let mut second = db.app().system(org).await.unwrap();
    assert_eq!(emails::claim(&mut second, id, true).await.unwrap(), Claim::Busy);
    first.rollback().await.unwrap();

    let mut first = announce(&db, org, id).await;
    // Whoever holds the row is alive, whether or not reports come.
    for nobody_reports in [true, false] {
        assert_eq!(emails::claim(&mut second, id, nobody_reports).await.unwrap(), Claim::Busy);
    }
    let delivery = Delivery { subject: "Booked", size_bytes: 900, message_id: "ses-1" };
    emails::mark_sent(&mut first, id, &delivery).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(emails::claim(&mut second, id, true).await.unwrap(), Claim::Done);
    let log = list(&mut second, EmailFilter::default()).await.remove(0);
    assert_eq!((log.status, log.attempts, log.size_bytes), (EmailStatus::Sent, 1, Some(900)));
    assert_eq!(log.subject.as_deref(), Some("Booked"));
    assert!(log.sent_at.is_some());
}

#[tokio::test]
async fn reports_count_once_and_the_weightier_one_stays_in_whichever_order_they_come() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let at = chrono::Utc::now();
    for (order, status) in [
        ([EmailEvent::Delivered, EmailEvent::Bounced, EmailEvent::Accepted], EmailStatus::Bounced),
        ([EmailEvent::Complained, EmailEvent::Delivered, EmailEvent::Delivered], EmailStatus::Complained),
        ([EmailEvent::Accepted, EmailEvent::Delayed, EmailEvent::Delivered], EmailStatus::Delivered),
    ] {
        let id = queue(&db, org, EmailType::UploadCompleted).await;
        let mut tenant = announce(&db, org, id).await;
        for event in order {
            let report = Report { event, at, detail: Some("d"), message_id: "ses-1" };
            emails::note(&mut tenant, id, &report).await.unwrap();
            assert!(!emails::note(&mut tenant, id, &report).await.unwrap());
        }
        let found = emails::find(&mut tenant, id).await.unwrap().unwrap();
        assert_eq!(found.log.status, status);
        assert!(found.log.sent_at.is_some());
        assert_eq!(emails::claim(&mut tenant, id, true).await.unwrap(), Claim::Done);
    }
}

#[tokio::test]
async fn a_worker_that_dies_gives_its_mail_back_at_once() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let id = queue(&db, org, EmailType::UploadFailed).await;
    let mut first = db.app().system(org).await.unwrap();
    taken(&mut first, id).await;
    let worker: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *first).await.unwrap();
    let dead: bool = sqlx::query_scalar("SELECT pg_terminate_backend($1, 5000)")
        .bind(worker)
        .fetch_one(db.admin())
        .await
        .unwrap();
    assert!(dead);
    taken(&mut db.app().system(org).await.unwrap(), id).await;
}

#[tokio::test]
async fn failed_tries_are_counted_and_the_last_ends_it() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let id = queue(&db, org, EmailType::UploadFailed).await;
    let mut tenant = announce(&db, org, id).await;
    emails::mark_tried(&mut tenant, id, "throttled").await.unwrap();
    assert_eq!(emails::claim(&mut tenant, id, true).await.unwrap(), Claim::Busy, "it is too early");
    let log = list(&mut tenant, EmailFilter::default()).await.remove(0);
    assert_eq!((log.status, log.attempts, log.error.as_deref()), (EmailStatus::Queued, 1, Some("throttled")));
    emails::mark_failed(&mut tenant, id, "no such mailbox").await.unwrap();
    assert_eq!(emails::claim(&mut tenant, id, true).await.unwrap(), Claim::Done);
    let what: Vec<_> =
        emails::events(&mut tenant, id).await.unwrap().into_iter().map(|event| event.what).collect();
    assert_eq!(what, [EmailEvent::Tried, EmailEvent::NotAccepted, EmailEvent::NotAccepted]);
}

#[tokio::test]
async fn the_log_is_filtered_and_paged_newest_first() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let first = queue(&db, org, EmailType::UploadCompleted).await;
    let second = queue(&db, org, EmailType::UploadRejected).await;
    let mut tenant = db.app().system(org).await.unwrap();
    let ids = |logs: Vec<emails::EmailLog>| logs.into_iter().map(|log| log.id).collect::<Vec<_>>();
    assert_eq!(ids(list(&mut tenant, EmailFilter::default()).await), [second, first]);
    let after = emails::list(&mut tenant, &EmailFilter::default(), 10, Some(second)).await.unwrap();
    assert_eq!(ids(after), [first]);

    let rejected = EmailFilter { kind: Some(EmailType::UploadRejected), ..Default::default() };
    assert_eq!(ids(list(&mut tenant, rejected).await), [second]);
    let sent = EmailFilter { status: Some(EmailStatus::Sent), ..Default::default() };
    assert!(list(&mut tenant, sent).await.is_empty());
    let today = chrono::Utc::now().date_naive();
    let day = |from, to| EmailFilter { from, to, ..Default::default() };
    assert_eq!(list(&mut tenant, day(today.pred_opt(), today.succ_opt())).await.len(), 2);
    assert!(list(&mut tenant, day(None, today.pred_opt().and_then(|d| d.pred_opt()))).await.is_empty());
    assert!(list(&mut tenant, day(today.succ_opt(), None)).await.is_empty());
}

#[tokio::test]
async fn another_tenant_sees_no_mail_and_claims_none() {
    let db = TestDatabase::new().await;
    let (org, other) = (db.seed("acme").await.org, db.seed("other").await.org);
    let id = queue(&db, org, EmailType::UploadCompleted).await;
    let mut tenant = db.app().system(other).await.unwrap();
    assert_eq!(emails::claim(&mut tenant, id, true).await.unwrap(), Claim::Missing);
    assert!(emails::find(&mut tenant, id).await.unwrap().is_none());
    assert!(emails::events(&mut tenant, id).await.unwrap().is_empty());
    assert!(list(&mut tenant, EmailFilter::default()).await.is_empty());
}

#[tokio::test]
async fn the_sweep_finds_waiting_mails_of_all_tenants_unless_they_were_just_tried() {
    let db = TestDatabase::new().await;
    let (org, other) = (db.seed("acme").await.org, db.seed("other").await.org);
    let forgotten = queue(&db, org, EmailType::UploadCompleted).await;
    let tried = queue(&db, other, EmailType::UploadCompleted).await;
    sqlx::query("UPDATE email_logs SET created_at = now() - interval '1 hour'")
        .execute(db.admin())
        .await
        .unwrap();
    queue(&db, org, EmailType::UploadCompleted).await;
    let mut tenant = announce(&db, other, tried).await;
    emails::mark_tried(&mut tenant, tried, "throttled").await.unwrap();
    tenant.commit().await.unwrap();

    let mut service = db.app().service().await.unwrap();
    let unsent = emails::list_unsent(&mut service, Duration::from_secs(600), 10).await.unwrap();
    assert_eq!(unsent, [EmailRequested { org_id: org, email_id: forgotten }]);
    assert_eq!(emails::list_unsent(&mut service, Duration::ZERO, 10).await.unwrap().len(), 2);
    let back = "UPDATE email_logs SET next_try_at = next_try_at - interval '5 minutes'";
    sqlx::query(back).execute(db.admin()).await.unwrap();
    let due = emails::list_unsent(&mut service, Duration::from_secs(600), 10).await.unwrap();
    assert_eq!(due.len(), 2, "its pause is over");
}

#[tokio::test]
async fn addresses_are_suppressed_whatever_their_case_until_somebody_lifts_it() {
    let db = TestDatabase::new().await;
    let (org, other) = (db.seed("acme").await.org, db.seed("other").await.org);
    let mut tenant = db.app().system(org).await.unwrap();
    suppressions::add(&mut tenant, "Ana@B.example", SuppressionReason::Bounce, Some("550")).await.unwrap();
    suppressions::add(&mut tenant, "ana@b.example", SuppressionReason::Bounce, Some("551")).await.unwrap();
    let reason = suppressions::of_address(&mut tenant, "ANA@b.example").await.unwrap();
    assert_eq!(reason, Some(SuppressionReason::Bounce));
    let listed = suppressions::list(&mut tenant, 10, None).await.unwrap();
    assert_eq!((listed.len(), listed[0].detail.as_deref()), (1, Some("550")));
    tenant.commit().await.unwrap();
    let mut elsewhere = db.app().system(other).await.unwrap();
    assert_eq!(suppressions::of_address(&mut elsewhere, "ana@b.example").await.unwrap(), None);
    assert!(!suppressions::lift(&mut elsewhere, listed[0].id).await.unwrap());
    let mut tenant = db.app().system(org).await.unwrap();
    assert!(suppressions::lift(&mut tenant, listed[0].id).await.unwrap());
    assert_eq!(suppressions::of_address(&mut tenant, "ana@b.example").await.unwrap(), None);
}

#[tokio::test]
async fn nobody_chooses_for_somebody_else() {
    let db = TestDatabase::new().await;
    let seeded = db.seed("acme").await;
    let (ana, bea) = (db.principal(seeded.org, "viewer").await, db.principal(seeded.org, "analyst").await);
    let address = |user: domain::UserId| {
        let query = sqlx::query_scalar::<_, String>("SELECT email FROM users WHERE id = $1").bind(user.0);
        query.fetch_one(db.admin())
    };
    let (hers, theirs) = (address(ana.user_id).await.unwrap(), address(bea.user_id).await.unwrap());
    let mut tenant = db.app().tenant(&ana).await.unwrap();
    let off = MailChoice::Off;
    mail_choices::set(&mut tenant, &hers, EmailType::UploadFailed, off).await.unwrap();
    assert_eq!(mail_choices::of(&mut tenant, &hers, EmailType::UploadFailed).await.unwrap(), off);
    assert_eq!(mail_choices::list(&mut tenant, &hers).await.unwrap(), [(EmailType::UploadFailed, off)]);
    tenant.commit().await.unwrap();
    let mut tenant = db.app().tenant(&bea).await.unwrap();
    assert!(mail_choices::list(&mut tenant, &hers).await.unwrap().is_empty());
    let refused = mail_choices::set(&mut tenant, &hers, EmailType::UploadFailed, off).await.unwrap_err();
    assert!(refused.is_denied());
    drop(tenant);
    let mut tenant = db.app().system(seeded.org).await.unwrap();
    mail_choices::set(&mut tenant, &theirs, EmailType::UploadFailed, MailChoice::Digest).await.unwrap();
    mail_choices::set(&mut tenant, &theirs, EmailType::UploadFailed, MailChoice::On).await.unwrap();
    assert!(mail_choices::list(&mut tenant, &theirs).await.unwrap().is_empty());
}

#[tokio::test]
async fn own_words_are_kept_changed_and_taken_back() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let mut tenant = db.app().system(org).await.unwrap();
    let kind = EmailType::ReportReady;
    for subject in [Some("A".to_owned()), Some("B".to_owned()), None] {
        let wording = Wording { subject, intro: None };
        mail_wordings::set(&mut tenant, kind, &wording).await.unwrap();
        assert_eq!(mail_wordings::of(&mut tenant, kind).await.unwrap(), wording);
    }
}

#[tokio::test]
async fn what_waits_for_the_morning_becomes_one_mail_once() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    sqlx::query("UPDATE organizations SET time_zone = 'Asia/Tokyo'").execute(db.admin()).await.unwrap();
    let held =
        [queue(&db, org, EmailType::UploadFailed).await, queue(&db, org, EmailType::UploadCompleted).await];
    let mut tenant = db.app().system(org).await.unwrap();
    for id in held {
        let outcome = Outcome { status: EmailStatus::Held, subject: Some("What it was"), why: "waits" };
        emails::end(&mut tenant, id, &outcome).await.unwrap();
    }
    tenant.commit().await.unwrap();
    let mut service = db.app().service().await.unwrap();
    // Made after this morning's seven o'clock in Tokyo, they wait for the next one.
    let set = "UPDATE email_logs SET created_at =
        (date_trunc('day', now() AT TIME ZONE 'Asia/Tokyo') + $1::interval) AT TIME ZONE 'Asia/Tokyo'";
    sqlx::query(set).bind(chrono::TimeDelta::minutes(7 * 60 + 1)).execute(db.admin()).await.unwrap();
    assert!(digests::list_due(&mut service, 10).await.unwrap().is_empty());
    let before = chrono::TimeDelta::minutes(7 * 60 - 24 * 60 - 1);
    sqlx::query(set).bind(before).execute(db.admin()).await.unwrap();
    let due = digests::list_due(&mut service, 10).await.unwrap();
    let seven_has_been: bool =
        sqlx::query_scalar("SELECT (now() AT TIME ZONE 'Asia/Tokyo')::time >= '07:00'")
            .fetch_one(db.admin())
            .await
            .unwrap();
    assert_eq!(due.len(), usize::from(seven_has_been));

    let mut tenant = db.app().system(org).await.unwrap();
    let digest = digests::gather(&mut tenant, "a@b.example").await.unwrap().unwrap();
    assert_eq!(digests::gather(&mut tenant, "a@b.example").await.unwrap(), None);
    let mail = emails::find(&mut tenant, digest.email_id).await.unwrap().unwrap();
    assert_eq!((mail.log.kind, mail.payload["items"].as_array().unwrap().len()), (EmailType::Digest, 2));
    assert_eq!(mail.payload["items"][0]["subject"], "What it was");
    for id in held {
        assert_eq!(emails::find(&mut tenant, id).await.unwrap().unwrap().log.status, EmailStatus::Digested);
    }
}

#[tokio::test]
async fn a_link_in_a_mail_is_good_for_its_purpose_and_its_mail_alone() {
    let db = TestDatabase::new().await;
    let (org, id) = (OrgId::new(), EmailId::new());
    let token = db.app().mail_token(MailLink::Unsubscribe, org, id).unwrap();
    assert_eq!(token, db.app().mail_token(MailLink::Unsubscribe, org, id).unwrap());
    assert_eq!(db.app().read_mail_token(MailLink::Unsubscribe, &token), Some((org, id)));
    assert_eq!(db.app().read_mail_token(MailLink::File, &token), None);
    for place in 0..token.len() {
        let mut forged = token.clone().into_bytes();
        forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).unwrap();
        assert_eq!(db.app().read_mail_token(MailLink::Unsubscribe, &forged), None, "{place}");
    }
    for bad in ["", "A", &token[1..], &format!("{token}A"), "ä"] {
        assert_eq!(db.app().read_mail_token(MailLink::Unsubscribe, bad), None);
    }
}
