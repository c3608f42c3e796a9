use cloud::{MemoryQueue, ObjectStore, Queue};
use data::reports::NewReport;
use domain::{
    EmailRequested, ReportFormat, ReportKind, ReportLocale, ReportMail, ReportScope, ReportStatus,
    metrics::Span,
};
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase, dies_after};

use super::*;

/// A row of each of two vendors.
const ROWS: &str = "
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
        VALUES (uuidv7(), '{org}', 'a.xlsx', 1, 'api', 'k', now());
    INSERT INTO vendors (org_id, key, name) VALUES ('{org}', 'liberty', 'Liberty'), ('{org}', 'boxnox', 'Boxnox');
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, product_ean, product_name,
        quantity, amount_local, currency, vat_included, amount_eur, line_class, source_row, key_hash, content_hash, active)
    SELECT org_id, id, v, 'main', '2026-01-01', '2026-01-31', 'Store', '9529843000349', 'Kerze', 3, 100, 'EUR', true, 100,
        'sale', 1, '', '', true
    FROM uploads, unnest(ARRAY['liberty', 'boxnox']) AS v WHERE org_id = '{org}';";

struct Lambda {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
}

impl Lambda {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let statement = ROWS.replace("{org}", &seeded.org.to_string());
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(database.admin()).await.unwrap();
        database.sum_up(seeded.org).await;
        let ctx = Context {
            database: database.app().clone(),
            files: ObjectStore::memory(),
            emails: Queue::Memory(MemoryQueue::default()),
        };
        Self { database, seeded, ctx }
    }

    async fn ask(&self, who: uuid::Uuid, format: ReportFormat) -> ReportId {
        self.ask_for(who, format, &[]).await
    }

    async fn ask_for(&self, who: uuid::Uuid, format: ReportFormat, recipients: &[String]) -> ReportId {
        let id = ReportId::new();
        let new = NewReport {
            id,
            requested_by: who,
            on_behalf_of: who,
            kind: ReportKind::SalesSummary,
            format,
            locale: ReportLocale::English,
            days: Span { from: "2026-01-01".parse().unwrap(), to: "2026-01-31".parse().unwrap() },
            scope: &ReportScope::default(),
            recipients,
            run: None,
            corrected_of: None,
            request_id: None,
        };
        let caller = data::Caller { org: self.seeded.org, subject: who };
        let mut tenant = self.ctx.database.tenant(caller).await.unwrap();
        assert!(reports::insert(&mut tenant, &new).await.unwrap());
        tenant.commit().await.unwrap();
        id
    }

    async fn run(&self, id: ReportId) -> Result<(), JobError> {
        let body = ReportRequested { org_id: self.seeded.org, report_id: id };
        handle(&self.ctx, Message { id: "m".to_owned(), receive_count: 1, body }).await
    }

    async fn report(&self, id: ReportId) -> Report {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        reports::find(&mut tenant, id).await.unwrap().unwrap()
    }

    /// The mails that wait, by recipient.
    async fn mails(&self) -> Vec<(String, String, ReportMail)> {
        let query = "SELECT type, recipient, payload FROM email_logs WHERE org_id = $1 ORDER BY recipient";
        let rows: Vec<(String, String, sqlx::types::Json<ReportMail>)> =
            sqlx::query_as(query).bind(self.seeded.org.0).fetch_all(self.database.admin()).await.unwrap();
        rows.into_iter().map(|(kind, recipient, mail)| (kind, recipient, mail.0)).collect()
    }

    async fn text(&self, id: ReportId) -> String {
        let key = reports::object_key(self.seeded.org, id, ReportFormat::Csv);
        let copy = self.ctx.files.copy_locally(&key, u64::MAX).await.unwrap();
        std::fs::read_to_string(copy.path()).unwrap()
    }
}

#[tokio::test]
async fn a_report_is_made_once_however_often_its_message_comes() {
    let lambda = Lambda::new().await;
    let id = lambda.ask(lambda.seeded.owner.0, ReportFormat::Csv).await;
    lambda.run(id).await.unwrap();
    let first = lambda.report(id).await;
    assert_eq!((first.status.0, first.progress), (ReportStatus::Ready, 100));
    assert_eq!(first.size_bytes, Some(lambda.text(id).await.len() as i64));
    lambda.run(id).await.unwrap();
    assert_eq!(lambda.report(id).await, first);
}

#[tokio::test]
async fn each_reader_gets_one_mail_with_the_file() {
    let lambda = Lambda::new().await;
    let readers = ["a@aveline.example".to_owned(), "b@aveline.example".to_owned()];
    let id = lambda.ask_for(lambda.seeded.owner.0, ReportFormat::Pdf, &readers).await;
    lambda.run(id).await.unwrap();
    lambda.run(id).await.unwrap();
    let mails = lambda.mails().await;
    assert_eq!(mails.iter().map(|(_, recipient, _)| recipient.as_str()).collect::<Vec<_>>(), readers);
    for (kind, _, mail) in mails {
        assert_eq!(
            (kind.as_str(), mail.title.as_str(), mail.period.as_str()),
            ("report_ready", "Sales summary", "January 2026")
        );
        let file = mail.file.unwrap();
        assert_eq!(file.name, "sales-summary-2026-01-01-2026-01-31.pdf");
        assert_eq!(Some(file.size_bytes as i64), lambda.report(id).await.size_bytes);
    }
    let Queue::Memory(queue) = &lambda.ctx.emails else { panic!("a queue in memory") };
    assert_eq!(queue.drain::<EmailRequested>().unwrap().len(), 2);
}

#[tokio::test]
async fn whoever_asked_hears_that_readers_get_nothing() {
    let lambda = Lambda::new().await;
    let admin = lambda.database.principal(lambda.seeded.org, "admin").await.user_id.0;
    let id = lambda.ask_for(admin, ReportFormat::Pdf, &["a@aveline.example".to_owned()]).await;
    let rule = "INSERT INTO policies (org_id, name, user_id, effect, permission) VALUES ($1, 'p', $2, 'deny', 'analytics:read')";
    sqlx::query(rule).bind(lambda.seeded.org.0).bind(admin).execute(lambda.database.admin()).await.unwrap();
    lambda.run(id).await.unwrap_err();
    let [(kind, recipient, mail)] = &lambda.mails().await[..] else { panic!("one mail") };
    assert_eq!(kind, "report_failed");
    assert!(recipient.contains("admin"), "{recipient}");
    assert_eq!(mail.error.as_ref().unwrap().code, "forbidden");
}

#[tokio::test]
async fn everybody_gets_the_rows_that_their_rights_allow() {
    let lambda = Lambda::new().await;
    let viewer = lambda.database.principal(lambda.seeded.org, "viewer").await.user_id.0;
    let rule = "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ($1, 'p', $2, '{liberty}')";
    sqlx::query(rule).bind(lambda.seeded.org.0).bind(viewer).execute(lambda.database.admin()).await.unwrap();
    let (all, some) = (
        lambda.ask(lambda.seeded.owner.0, ReportFormat::Csv).await,
        lambda.ask(viewer, ReportFormat::Csv).await,
    );
    lambda.run(all).await.unwrap();
    lambda.run(some).await.unwrap();
    assert!(lambda.text(all).await.contains("Boxnox"));
    assert!(lambda.text(some).await.contains("Liberty") && !lambda.text(some).await.contains("Boxnox"));
}

#[tokio::test]
async fn a_permission_that_was_taken_away_is_said() {
    let lambda = Lambda::new().await;
    let viewer = lambda.database.principal(lambda.seeded.org, "viewer").await.user_id.0;
    let id = lambda.ask(viewer, ReportFormat::Csv).await;
    let rule = "INSERT INTO policies (org_id, name, user_id, effect, permission) VALUES ($1, 'p', $2, 'deny', 'analytics:read')";
    sqlx::query(rule).bind(lambda.seeded.org.0).bind(viewer).execute(lambda.database.admin()).await.unwrap();
    assert!(matches!(lambda.run(id).await, Err(JobError::Permanent(_))));
    let report = lambda.report(id).await;
    assert_eq!((report.status.0, report.error.unwrap().code.as_str()), (ReportStatus::Failed, "forbidden"));
}

#[tokio::test]
async fn what_a_worker_holds_is_made_by_nobody_else() {
    let lambda = Lambda::new().await;
    let id = lambda.ask(lambda.seeded.owner.0, ReportFormat::Csv).await;
    let mut worker = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    assert!(reports::lock(&mut worker, id).await.unwrap());
    lambda.run(id).await.unwrap();
    assert_eq!(lambda.report(id).await.status.0, ReportStatus::Queued);
    worker.rollback().await.unwrap();
    lambda.run(id).await.unwrap();
    assert_eq!(lambda.report(id).await.status.0, ReportStatus::Ready);
}

#[tokio::test]
async fn a_worker_that_dies_anywhere_leaves_one_report_and_one_mail() {
    let lambda = Lambda::new().await;
    let reader = "a@aveline.example".to_owned();
    let (mut made, mut deaths) = (0, 0);
    for waits in (0..120).step_by(3) {
        let id =
            lambda.ask_for(lambda.seeded.owner.0, ReportFormat::Csv, std::slice::from_ref(&reader)).await;
        let died = dies_after(waits, lambda.run(id)).await.transpose().unwrap().is_none();
        // The lock of a dead worker goes with its connection, a little later.
        while lambda.report(id).await.status.0 != ReportStatus::Ready {
            lambda.run(id).await.unwrap();
        }
        lambda.run(id).await.unwrap();
        made += 1;
        assert_eq!(lambda.mails().await.len(), made, "after {waits} waits");
        let report = lambda.report(id).await;
        assert_eq!(report.size_bytes, Some(lambda.text(id).await.len() as i64), "after {waits} waits");
        assert!(report.attempts <= 2, "after {waits} waits: {} tries", report.attempts);
        deaths += u32::from(died);
    }
    assert!(deaths > 0, "it never died");
}
