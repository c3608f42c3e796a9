mod replay;

use std::{path::Path, sync::Arc};

use aws_lambda_events::sqs::SqsEvent;
use chrono::Duration;
use cloud::{MemoryQueue, ObjectStore, Queue};
use data::uploads::{NewUpload, Origin};
use domain::{EmailRequested, FileName, UploadMode, UploadStatus};
use ingest::Profiles;
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase};
use tokio::time::Instant;

use super::*;
use crate::buyers::{Buyers, Secret};

const ORG: &str = "019c0000-0000-7000-8000-00000000000a";
const UPLOAD: &str = "019c0000-0000-7000-8000-0000000000b1";
const LIBERTY: &str = "liberty/Continuity Supplier Size Report 26_04_2026.xlsm - Sales By Size.csv";
const DROP_KEY: &str = "drops/aveline/Continuity Supplier Size Report 26_04_2026.xlsm - Liberty été (1).csv";

/// The function with everything around it in memory, but for the database.
struct Lambda {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
    emails: MemoryQueue,
}

impl Lambda {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed_as(ORG.parse().unwrap(), "aveline").await;
        let emails = MemoryQueue::default();
        let ctx = Context {
            database: database.app().clone(),
            inbox: ObjectStore::memory(),
            emails: Queue::Memory(emails.clone()),
            profiles: Arc::new(Profiles::shipped().unwrap()),
            model: None,
            buyers: Buyers::Memory(Secret { key: "what buyers are hashed with".to_owned() }),
            ai_tokens_a_month: 1_000_000,
        };
        Self { database, seeded, ctx, emails }
    }

    async fn announce(&self, size_bytes: usize) -> UploadId {
        let id: UploadId = UPLOAD.parse().unwrap();
        let new = NewUpload {
            id,
            file_name: FileName::lossy(LIBERTY),
            size_bytes: size_bytes as u64,
            object_key: key(),
            mode: UploadMode::Commit,
            vendor_hint: None,
            origin: Origin::Api { created_by: self.seeded.owner },
            request_id: None,
        };
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        uploads::insert(&mut tenant, &new).await.unwrap();
        tenant.commit().await.unwrap();
        id
    }

    /// Sends an example event and gives how many messages come again.
    async fn receive(&self, event: &str) -> usize {
        let event: SqsEvent =
            serde_json::from_value(testkit::event(&format!("file-ingest/{event}"))).unwrap();
        let deadline = Instant::now() + std::time::Duration::from_secs(60);
        let response = edge::sqs::run_batch(event, deadline, |message| handle(&self.ctx, message)).await;
        response.batch_item_failures.len()
    }

    async fn only_upload(&self) -> Option<Upload> {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        let mut uploads = uploads::list(&mut tenant, &uploads::Filter::default(), 2, None).await.unwrap();
        assert!(uploads.len() < 2, "a delivery made a second upload");
        uploads.pop()
    }

    fn mails(&self) -> Vec<EmailRequested> {
        self.emails.drain().unwrap()
    }

    /// Everything that counts or was sent, in one document.
    async fn books(&self) -> Value {
        let upload = self.only_upload().await.unwrap();
        let (rows, quantity, amount): (i64, String, String) =
            sqlx::query_as("SELECT count(*), coalesce(sum(quantity), 0)::text, coalesce(sum(amount_local), 0)::text FROM sales")
                .fetch_one(self.database.admin())
                .await
                .unwrap();
        let mails: Vec<(String, String)> = sqlx::query_as("SELECT type, recipient FROM email_logs")
            .fetch_all(self.database.admin())
            .await
            .unwrap();
        json!({
            "status": upload.status, "file_name": upload.file_name, "vendor": upload.vendor, "layout": upload.layout,
            "error": upload.error, "questions": upload.questions, "warnings": upload.warnings,
            "stated_at": upload.stated_at.to_rfc3339(), "sha256": upload.sha256, "attempts": upload.attempts,
            "periods": upload.periods, "totals": upload.totals, "changes": upload.changes, "rows": upload.rows(),
            "sales": {"rows": rows, "quantity": quantity, "amount_local": amount}, "mails": mails,
        })
    }
}

fn key() -> String {
    format!("uploads/{ORG}/{UPLOAD}")
}

fn file(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/ingest/test_data/vendors/files");
    std::fs::read(folder.join(name)).unwrap()
}

fn error(upload: &Upload) -> (UploadStatus, &str) {
    (upload.status, upload.error.as_ref().map_or("", |error| error.code.as_str()))
}

#[tokio::test]
async fn a_dropped_file_is_booked_once_however_often_its_event_comes() {
    let lambda = Lambda::new().await;
    lambda.ctx.inbox.put(DROP_KEY, file(LIBERTY)).await.unwrap();
    assert_eq!(lambda.receive("s3-drop").await, 0);
    assert_eq!(lambda.mails().len(), 1);
    let first = lambda.books().await;
    insta::assert_json_snapshot!(first);
    assert_eq!(lambda.receive("s3-drop").await, 0);
    assert_eq!(lambda.books().await, first);
    assert!(lambda.mails().is_empty(), "no second mail");
}

#[tokio::test]
async fn an_announced_file_is_booked_once_by_its_event_or_by_a_request() {
    let lambda = Lambda::new().await;
    let bytes = file(LIBERTY);
    lambda.announce(bytes.len()).await;
    lambda.ctx.inbox.put(&key(), bytes).await.unwrap();
    assert_eq!(lambda.receive("ingest-requested").await, 0);
    let first = lambda.books().await;
    assert_eq!(first["status"], "completed", "{first:#}");
    assert_eq!(lambda.receive("s3-put").await, 0);
    assert_eq!(lambda.receive("ingest-requested").await, 0);
    assert_eq!(lambda.books().await, first);
    assert_eq!(lambda.mails().len(), 1);
}

#[tokio::test]
async fn objects_nobody_announced_and_test_events_are_acknowledged_and_change_nothing() {
    let lambda = Lambda::new().await;
    for event in ["s3-test-event", "s3-unannounced", "s3-put", "ingest-requested"] {
        assert_eq!(lambda.receive(event).await, 0, "{event}");
        assert!(lambda.only_upload().await.is_none(), "{event}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_comes_again_until_it_reaches_the_dead_letter_queue() {
    assert_eq!(Lambda::new().await.receive("malformed").await, 1);
}

#[tokio::test]
async fn an_object_that_is_gone_or_of_another_size_rejects_the_upload() {
    let lambda = Lambda::new().await;
    lambda.announce(3).await;
    assert_eq!(lambda.receive("s3-put").await, 0);
    assert_eq!(error(&lambda.only_upload().await.unwrap()), (UploadStatus::Rejected, "object_missing"));

    let lambda = Lambda::new().await;
    lambda.announce(3).await;
    lambda.ctx.inbox.put(&key(), b"four".to_vec()).await.unwrap();
    assert_eq!(lambda.receive("s3-put").await, 0);
    assert_eq!(error(&lambda.only_upload().await.unwrap()), (UploadStatus::Rejected, "size_mismatch"));
    assert_eq!(lambda.mails().len(), 1);
}

#[tokio::test]
async fn a_dropped_file_that_is_gone_is_shown_as_rejected() {
    let lambda = Lambda::new().await;
    assert_eq!(lambda.receive("s3-drop").await, 0);
    assert_eq!(error(&lambda.only_upload().await.unwrap()), (UploadStatus::Rejected, "object_missing"));
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_rejected_with_a_sentence() {
    let lambda = Lambda::new().await;
    lambda.announce(4).await;
    lambda.ctx.inbox.put(&key(), b"\x89PNG".to_vec()).await.unwrap();
    assert_eq!(lambda.receive("s3-put").await, 0);
    let upload = lambda.only_upload().await.unwrap();
    assert_eq!(upload.status, UploadStatus::Rejected);
    assert!(upload.error.unwrap().message.ends_with('.'));
}

#[tokio::test]
async fn while_a_worker_holds_an_upload_its_event_comes_again() {
    let lambda = Lambda::new().await;
    let id = lambda.announce(3).await;
    let other = data::Database::connect(&lambda.database.settings()).unwrap();
    let mut worker = other.system(lambda.seeded.org).await.unwrap();
    assert!(uploads::lock(&mut worker, id).await.unwrap());
    assert_eq!(lambda.receive("s3-put").await, 1);
    assert_eq!(lambda.only_upload().await.unwrap().attempts, 0);
}

#[tokio::test]
async fn an_upload_whose_workers_all_died_fails_with_a_mail() {
    let lambda = Lambda::new().await;
    let id = lambda.announce(3).await;
    lambda.ctx.inbox.put(&key(), b"abc".to_vec()).await.unwrap();
    for _ in 0..uploads::MAX_ATTEMPTS {
        let mut tenant = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
        uploads::claim(&mut tenant, id, Utc::now() - Duration::minutes(1)).await.unwrap();
        tenant.commit().await.unwrap();
    }
    assert_eq!(lambda.receive("s3-put").await, 0);
    assert_eq!(error(&lambda.only_upload().await.unwrap()), (UploadStatus::Failed, "internal_error"));
    assert_eq!(lambda.mails().len(), 1);
}
