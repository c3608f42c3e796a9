//! Outbox and log of mails.

use std::time::Duration;

use data::{
    Tenant,
    emails::{self, Claim, ClaimedEmail, Delivery, EmailFilter, NewEmail},
};
use domain::{EmailId, EmailRequested, EmailStatus, EmailType, OrgId};
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
    match emails::claim(tenant, id).await.unwrap() {
        Claim::Taken(email) => *email,
        other => panic!("not taken: {other:?}"),
    }
}

async fn list(tenant: &mut Tenant, filter: EmailFilter) -> Vec<emails::EmailLog> {
    emails::list(tenant, &filter, 10, None).await.unwrap()
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
    assert_eq!(emails::claim(&mut second, id).await.unwrap(), Claim::Busy);

    let delivery = Delivery { subject: "Booked", size_bytes: 900, message_id: "ses-1" };
    emails::mark_sent(&mut first, id, &delivery).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(emails::claim(&mut second, id).await.unwrap(), Claim::Done);
    let log = list(&mut second, EmailFilter::default()).await.remove(0);
    assert_eq!((log.status, log.attempts, log.size_bytes), (EmailStatus::Sent, 1, Some(900)));
    assert_eq!(log.subject.as_deref(), Some("Booked"));
    assert!(log.sent_at.is_some());
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
    let mut tenant = db.app().system(org).await.unwrap();
    emails::mark_tried(&mut tenant, id, "throttled").await.unwrap();
    assert_eq!(taken(&mut tenant, id).await.attempts, 1);
    let log = list(&mut tenant, EmailFilter::default()).await.remove(0);
    assert_eq!((log.status, log.error.as_deref()), (EmailStatus::Queued, Some("throttled")));
    emails::mark_failed(&mut tenant, id, "no such mailbox").await.unwrap();
    assert_eq!(emails::claim(&mut tenant, id).await.unwrap(), Claim::Done);
    let log = list(&mut tenant, EmailFilter::default()).await.remove(0);
    assert_eq!((log.status, log.attempts), (EmailStatus::Failed, 2));
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
    assert_eq!(emails::claim(&mut tenant, id).await.unwrap(), Claim::Missing);
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
    let mut tenant = db.app().system(other).await.unwrap();
    emails::mark_tried(&mut tenant, tried, "throttled").await.unwrap();
    tenant.commit().await.unwrap();

    let mut service = db.app().service().await.unwrap();
    let unsent = emails::list_unsent(&mut service, Duration::from_secs(600), 10).await.unwrap();
    assert_eq!(unsent, [EmailRequested { org_id: org, email_id: forgotten }]);
    assert_eq!(emails::list_unsent(&mut service, Duration::ZERO, 10).await.unwrap().len(), 3);
}
