use chrono::TimeDelta;
use cloud::{MemoryQueue, ObjectStore, Queue};
use data::exports::{Claim, NewExport, Selection};
use domain::{ExportFormat, NumberStyle, RequestId};
use testkit::{Seeded, TestDatabase};

use super::*;

struct Lambda {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
    woken: MemoryQueue,
}

impl Lambda {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let woken = MemoryQueue::default();
        let ctx = Context {
            database: database.app().clone(),
            inbox: ObjectStore::memory(),
            ingest: Queue::Memory(MemoryQueue::default()),
            emails: Queue::Memory(MemoryQueue::default()),
            files: ObjectStore::memory(),
            exports: Queue::Memory(woken.clone()),
            report_files: ObjectStore::memory(),
            reports: Queue::Memory(MemoryQueue::default()),
        };
        Self { database, seeded, ctx, woken }
    }

    /// An export that workers have begun so often and died over.
    async fn ask(&self, attempts: i32) -> ExportId {
        let id = ExportId::new();
        let new = NewExport {
            id,
            requested_by: self.seeded.owner.0,
            source: "sales",
            query: &serde_json::json!({}),
            selection: &Selection::Sales(data::sales::Filter::default()),
            format: ExportFormat::Csv,
            number_style: NumberStyle::Point,
            request_id: &RequestId::new(),
        };
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        assert!(exports::insert(&mut tenant, &new).await.unwrap());
        for _ in 0..attempts {
            assert!(matches!(exports::claim(&mut tenant, id).await.unwrap(), Claim::Granted(_)));
        }
        tenant.commit().await.unwrap();
        id
    }

    async fn sweep(&self, quiet_since: TimeDelta) -> u32 {
        sweep(&self.ctx, Utc::now() - quiet_since, 100).await.unwrap()
    }

    async fn status(&self, id: ExportId) -> ExportStatus {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        exports::find(&mut tenant, id).await.unwrap().unwrap().status.0
    }
}

#[tokio::test]
async fn an_export_that_nobody_makes_wakes_its_job_again_and_ends_when_its_tries_are_used_up() {
    let lambda = Lambda::new().await;
    let (lost, tried) = (lambda.ask(0).await, lambda.ask(MAX_ATTEMPTS).await);
    assert_eq!(lambda.sweep(TimeDelta::minutes(15)).await, 0, "they may be on their way");
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 2);
    let woken: Vec<ExportRequested> = lambda.woken.drain().unwrap();
    assert_eq!(woken, [ExportRequested { org_id: lambda.seeded.org, export_id: lost }]);
    assert_eq!(
        (lambda.status(lost).await, lambda.status(tried).await),
        (ExportStatus::Queued, ExportStatus::Failed)
    );
}

#[tokio::test]
async fn an_export_that_somebody_makes_is_left_alone() {
    let lambda = Lambda::new().await;
    let id = lambda.ask(1).await;
    let mut worker = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    assert!(exports::lock(&mut worker, id).await.unwrap());
    lambda.sweep(TimeDelta::zero()).await;
    assert!(lambda.woken.drain::<ExportRequested>().unwrap().is_empty());
}

#[tokio::test]
async fn the_file_of_an_old_export_is_removed() {
    let lambda = Lambda::new().await;
    let id = lambda.ask(1).await;
    let key = exports::object_key(lambda.seeded.org, id);
    lambda.ctx.files.put(&key, b"a,b".to_vec()).await.unwrap();
    let mut tenant = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    let week = std::time::Duration::from_secs(604_800);
    assert!(exports::mark_ready(&mut tenant, id, (1, 3), "mark", week).await.unwrap());
    tenant.commit().await.unwrap();
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 0);
    let later = "UPDATE exports SET expires_at = now() - interval '1 second'";
    sqlx::query(later).execute(lambda.database.admin()).await.unwrap();
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 1);
    assert_eq!(lambda.status(id).await, ExportStatus::Expired);
    assert_eq!(lambda.ctx.files.head(&key).await.unwrap(), None);
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 0, "once");
}
