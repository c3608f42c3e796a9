use chrono::DateTime;
use cloud::{MemoryQueue, ObjectStore, Queue};
use data::uploads::{NewUpload, Origin, Upload};
use domain::{EmailRequested, FileName, UploadMode};
use testkit::{Seeded, TestDatabase};

use super::*;

struct Lambda {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
    ingest: MemoryQueue,
    emails: MemoryQueue,
}

impl Lambda {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let (ingest, emails) = (MemoryQueue::default(), MemoryQueue::default());
        let ctx = Context {
            database: database.app().clone(),
            inbox: ObjectStore::memory(),
            ingest: Queue::Memory(ingest.clone()),
            emails: Queue::Memory(emails.clone()),
            files: ObjectStore::memory(),
            exports: Queue::Memory(MemoryQueue::default()),
            report_files: ObjectStore::memory(),
            reports: Queue::Memory(MemoryQueue::default()),
        };
        Self { database, seeded, ctx, ingest, emails }
    }

    /// An upload announced `age` ago, claimed `attempts` times by workers that died.
    async fn announce(&self, age: TimeDelta, attempts: i32) -> UploadId {
        let id = UploadId::new();
        let new = NewUpload {
            id,
            file_name: FileName::lossy("report.csv"),
            size_bytes: 3,
            object_key: format!("uploads/{}/{id}", self.seeded.org),
            mode: UploadMode::Commit,
            vendor_hint: None,
            origin: Origin::Api { created_by: self.seeded.owner },
            request_id: None,
        };
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        uploads::insert(&mut tenant, &new).await.unwrap();
        for _ in 0..attempts {
            uploads::claim(&mut tenant, id, Utc::now() - age).await.unwrap();
        }
        tenant.commit().await.unwrap();
        let then: DateTime<Utc> = Utc::now() - age;
        sqlx::query(
            "UPDATE uploads SET created_at = $2, started_at = CASE WHEN started_at IS NOT NULL THEN $2 END WHERE id = $1",
        )
        .bind(id.0)
        .bind(then)
        .execute(self.database.admin())
        .await
        .unwrap();
        id
    }

    async fn arrive(&self, id: UploadId) {
        self.ctx.inbox.put(&format!("uploads/{}/{id}", self.seeded.org), b"abc".to_vec()).await.unwrap();
    }

    async fn sweep(&self) -> Swept {
        let event = serde_json::from_value(testkit::event("upload-sweep/schedule")).unwrap();
        sweep(&self.ctx, event).await.unwrap()
    }

    async fn upload(&self, id: UploadId) -> Upload {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        uploads::find(&mut tenant, id).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn uploads_without_progress_are_read_again_once_and_fresh_ones_are_left_alone() {
    let lambda = Lambda::new().await;
    let lost_event = lambda.announce(TimeDelta::minutes(20), 0).await;
    lambda.arrive(lost_event).await;
    let dead_worker = lambda.announce(TimeDelta::minutes(20), 1).await;
    let fresh = lambda.announce(TimeDelta::minutes(1), 0).await;
    lambda.arrive(fresh).await;
    let not_sent_yet = lambda.announce(TimeDelta::minutes(20), 0).await;
    assert_eq!(lambda.sweep().await, Swept { requeued: 2, ..Swept::default() });
    let mut asked: Vec<UploadId> =
        lambda.ingest.drain::<IngestRequested>().unwrap().iter().map(|message| message.upload_id).collect();
    asked.sort();
    assert_eq!(asked, [lost_event, dead_worker]);
    assert_eq!(lambda.sweep().await, Swept::default(), "they have their time again");
    assert_eq!(lambda.upload(not_sent_yet).await.status, UploadStatus::Pending);
}

#[tokio::test]
async fn an_upload_whose_tries_are_used_up_fails_with_a_mail() {
    let lambda = Lambda::new().await;
    let id = lambda.announce(TimeDelta::minutes(20), uploads::MAX_ATTEMPTS).await;
    lambda.arrive(id).await;
    assert_eq!(lambda.sweep().await, Swept { failed: 1, ..Swept::default() });
    let upload = lambda.upload(id).await;
    assert_eq!(
        (upload.status, upload.error.unwrap().code.as_str()),
        (UploadStatus::Failed, "internal_error")
    );
    assert_eq!(lambda.emails.drain::<EmailRequested>().unwrap().len(), 1);
    assert_eq!(lambda.sweep().await, Swept::default());
}

#[tokio::test]
async fn an_announced_file_that_never_came_expires() {
    let lambda = Lambda::new().await;
    let id = lambda.announce(TimeDelta::hours(3), 0).await;
    assert_eq!(lambda.sweep().await, Swept { expired: 1, ..Swept::default() });
    assert_eq!(lambda.upload(id).await.status, UploadStatus::Expired);
}

#[tokio::test]
async fn a_worker_that_is_still_alive_is_left_alone() {
    let lambda = Lambda::new().await;
    let id = lambda.announce(TimeDelta::minutes(20), uploads::MAX_ATTEMPTS).await;
    let other = data::Database::connect(&lambda.database.settings()).unwrap();
    let mut worker = other.system(lambda.seeded.org).await.unwrap();
    assert!(uploads::lock(&mut worker, id).await.unwrap());
    assert_eq!(lambda.sweep().await, Swept::default());
}

#[tokio::test]
async fn the_sender_of_a_mail_left_behind_is_woken() {
    let lambda = Lambda::new().await;
    let id = lambda.announce(TimeDelta::minutes(20), uploads::MAX_ATTEMPTS).await;
    lambda.arrive(id).await;
    lambda.sweep().await;
    let sent: Vec<EmailRequested> = lambda.emails.drain().unwrap();
    sqlx::query("UPDATE email_logs SET created_at = now() - interval '10 minutes'")
        .execute(lambda.database.admin())
        .await
        .unwrap();
    assert_eq!(lambda.sweep().await, Swept { emails: 1, ..Swept::default() });
    assert_eq!(lambda.emails.drain::<EmailRequested>().unwrap(), sent);
}
