use chrono::TimeDelta;
use cloud::{MemoryQueue, ObjectStore, Queue};
use data::reports::{Claim, Made, NewReport};
use domain::{ReportFormat, ReportKind, ReportLocale, ReportScope, metrics::Span};
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
            exports: Queue::Memory(MemoryQueue::default()),
            report_files: ObjectStore::memory(),
            reports: Queue::Memory(woken.clone()),
        };
        Self { database, seeded, ctx, woken }
    }

    /// A report that workers have begun so often and died over.
    async fn ask(&self, attempts: i32) -> ReportId {
        let id = ReportId::new();
        let new = NewReport {
            id,
            requested_by: self.seeded.owner.0,
            on_behalf_of: self.seeded.owner.0,
            kind: ReportKind::SalesSummary,
            format: ReportFormat::Csv,
            locale: ReportLocale::English,
            days: Span { from: "2026-01-01".parse().unwrap(), to: "2026-01-31".parse().unwrap() },
            scope: &ReportScope::default(),
            recipients: &[],
            run: None,
            corrected_of: None,
            request_id: None,
        };
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        assert!(reports::insert(&mut tenant, &new).await.unwrap());
        for _ in 0..attempts {
            assert!(matches!(reports::claim(&mut tenant, id).await.unwrap(), Claim::Granted(_)));
        }
        tenant.commit().await.unwrap();
        id
    }

    async fn sweep(&self, quiet_since: TimeDelta) -> u32 {
        sweep(&self.ctx, Utc::now() - quiet_since, 100).await.unwrap()
    }

    async fn status(&self, id: ReportId) -> ReportStatus {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        reports::find(&mut tenant, id).await.unwrap().unwrap().status.0
    }
}

#[tokio::test]
async fn a_report_that_nobody_makes_wakes_its_job_again_and_ends_when_its_tries_are_used_up() {
    let lambda = Lambda::new().await;
    let (lost, tried) = (lambda.ask(0).await, lambda.ask(MAX_ATTEMPTS).await);
    assert_eq!(lambda.sweep(TimeDelta::minutes(15)).await, 0, "they may be on their way");
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 2);
    let woken: Vec<ReportRequested> = lambda.woken.drain().unwrap();
    assert_eq!(woken, [ReportRequested { org_id: lambda.seeded.org, report_id: lost }]);
    assert_eq!(
        (lambda.status(lost).await, lambda.status(tried).await),
        (ReportStatus::Queued, ReportStatus::Failed)
    );
}

#[tokio::test]
async fn a_report_that_somebody_makes_is_left_alone() {
    let lambda = Lambda::new().await;
    let id = lambda.ask(1).await;
    let mut worker = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    assert!(reports::lock(&mut worker, id).await.unwrap());
    lambda.sweep(TimeDelta::zero()).await;
    assert!(lambda.woken.drain::<ReportRequested>().unwrap().is_empty());
}

#[tokio::test]
async fn the_file_of_an_old_report_is_removed() {
    let lambda = Lambda::new().await;
    let id = lambda.ask(1).await;
    let key = reports::object_key(lambda.seeded.org, id, ReportFormat::Csv);
    lambda.ctx.report_files.put(&key, b"a,b".to_vec()).await.unwrap();
    let mut tenant = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    let week = std::time::Duration::from_secs(604_800);
    let made =
        Made { size_bytes: 3, sight: "mark".to_owned(), figures: reports::Figures::new(), data_version: 1 };
    assert!(reports::mark_ready(&mut tenant, id, &made, week).await.unwrap());
    tenant.commit().await.unwrap();
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 0);
    let later = "UPDATE reports SET expires_at = now() - interval '1 second'";
    sqlx::query(later).execute(lambda.database.admin()).await.unwrap();
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 1);
    assert_eq!(lambda.status(id).await, ReportStatus::Expired);
    assert_eq!(lambda.ctx.report_files.head(&key).await.unwrap(), None);
    assert_eq!(lambda.sweep(TimeDelta::zero()).await, 0, "once");
}
