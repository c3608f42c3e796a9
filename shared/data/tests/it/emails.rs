//! Outbox and log of mails.
#![expect(clippy::unwrap_used, reason = "tests stop at the first thing that is not as it should be")]

use std::time::Duration;

use data::{
    Tenant,
    emails::{self, Claim, ClaimedEmail, Delivery, EmailFilter, NewEmail},
};
use domain::{EmailId, EmailRequested, EmailStatus, EmailType, OrgId};
use serde_json::json;
use testkit::TestDatabase;

const LEASE: Duration = Duration::from_secs(60);

async fn queue(db: &TestDatabase, org: OrgId, kind: EmailType) -> EmailId {
    let id = EmailId::new();
    let mut tenant = db.app().tenant(org).await.unwrap();
    let payload = json!({"n": 1});
    let email = NewEmail { id, kind, recipient: "a@b.example", payload: &payload, upload_id: None };
    emails::insert(&mut tenant, &email).await.unwrap();
    tenant.commit().await.unwrap();
    id
}

async fn claim(db: &TestDatabase, org: OrgId, id: EmailId, lease: Duration) -> Claim {
    let mut tenant = db.app().tenant(org).await.unwrap();
    let claim = emails::claim(&mut tenant, id, lease).await.unwrap();
    tenant.commit().await.unwrap();
    claim
}

async fn taken(db: &TestDatabase, org: OrgId, id: EmailId, lease: Duration) -> ClaimedEmail {
    match claim(db, org, id, lease).await {
        Claim::Taken(email) => *email,
        other => panic!("not taken: {other:?}"),
    }
}

async fn list(tenant: &mut Tenant, filter: EmailFilter) -> Vec<emails::EmailLog> {
    emails::list(tenant, &filter, 10, None).await.unwrap()
}

#[tokio::test]
async fn a_mail_is_claimed_once_and_its_delivery_is_logged() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let id = queue(&db, org, EmailType::UploadCompleted).await;
    let email = taken(&db, org, id, LEASE).await;
    assert_eq!((email.attempt, email.kind), (1, EmailType::UploadCompleted));
    assert_eq!(claim(&db, org, id, LEASE).await, Claim::Busy);

    let mut tenant = db.app().tenant(org).await.unwrap();
    let delivery = Delivery { subject: "Booked", size_bytes: 900, message_id: "ses-1" };
    assert!(emails::mark_sent(&mut tenant, &email, &delivery).await.unwrap());
    let log = list(&mut tenant, EmailFilter::default()).await.remove(0);
    assert_eq!((log.status, log.attempts, log.size_bytes), (EmailStatus::Sent, 1, Some(900)));
    assert_eq!(log.subject.as_deref(), Some("Booked"));
    assert!(log.sent_at.is_some());
    tenant.commit().await.unwrap();
    assert_eq!(claim(&db, org, id, LEASE).await, Claim::Done);
}

#[tokio::test]
async fn a_lost_lease_is_taken_over_and_the_first_worker_can_record_nothing_more() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let id = queue(&db, org, EmailType::UploadFailed).await;
    let first = taken(&db, org, id, Duration::ZERO).await;
    let second = taken(&db, org, id, LEASE).await;
    assert_eq!(second.attempt, 2);

    let mut tenant = db.app().tenant(org).await.unwrap();
    assert!(!emails::mark_failed(&mut tenant, &first, "late").await.unwrap());
    assert!(emails::mark_queued(&mut tenant, &second, "throttled").await.unwrap());
    let log = list(&mut tenant, EmailFilter::default()).await.remove(0);
    assert_eq!((log.status, log.error.as_deref()), (EmailStatus::Queued, Some("throttled")));
    tenant.commit().await.unwrap();

    let third = taken(&db, org, id, LEASE).await;
    let mut tenant = db.app().tenant(org).await.unwrap();
    assert!(emails::mark_failed(&mut tenant, &third, "no such mailbox").await.unwrap());
    tenant.commit().await.unwrap();
    assert_eq!(claim(&db, org, id, LEASE).await, Claim::Done);
}

#[tokio::test]
async fn the_log_is_filtered_and_paged_newest_first() {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let first = queue(&db, org, EmailType::UploadCompleted).await;
    let second = queue(&db, org, EmailType::UploadRejected).await;
    let mut tenant = db.app().tenant(org).await.unwrap();
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
    assert_eq!(claim(&db, other, id, LEASE).await, Claim::Missing);
    let mut tenant = db.app().tenant(other).await.unwrap();
    assert!(list(&mut tenant, EmailFilter::default()).await.is_empty());
}

#[tokio::test]
async fn the_sweep_finds_mails_left_behind_in_all_tenants_but_none_that_is_held_or_young() {
    let db = TestDatabase::new().await;
    let (org, other) = (db.seed("acme").await.org, db.seed("other").await.org);
    let left = queue(&db, org, EmailType::UploadCompleted).await;
    let abandoned = queue(&db, other, EmailType::UploadCompleted).await;
    taken(&db, other, abandoned, Duration::ZERO).await;
    let held = queue(&db, org, EmailType::UploadCompleted).await;
    taken(&db, org, held, LEASE).await;

    let mut service = db.app().service().await.unwrap();
    let unsent = emails::list_unsent(&mut service, Duration::ZERO, 10).await.unwrap();
    assert_eq!(
        unsent,
        [
            EmailRequested { org_id: org, email_id: left },
            EmailRequested { org_id: other, email_id: abandoned }
        ]
    );
    assert!(emails::list_unsent(&mut service, LEASE, 10).await.unwrap().is_empty());
}
