use data::reports::{Made, NewReport, Report};
use domain::{ReportFormat, ReportKind, ReportLocale, ReportScope, metrics::Span};
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};
use uuid::Uuid;

use super::*;

const ROWS: &str = "
    INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
        VALUES (uuidv7(), '{org}', 'a.xlsx', 1, 'api', 'k', now());
    INSERT INTO vendors (org_id, key, name) VALUES ('{org}', 'liberty', 'Liberty'), ('{org}', 'boxnox', 'Boxnox');
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, store, quantity, amount_local, currency,
        vat_included, amount_eur, line_class, source_row, key_hash, content_hash, active)
    SELECT org_id, id, v, 'main', '2026-01-01', '2026-01-31', 'Store', 3, 100, 'EUR', true, 100, 'sale', 1, '', '', true
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
        let lambda = Self { ctx: Context { database: database.app().clone() }, seeded, database };
        lambda.change(ROWS).await;
        lambda
    }

    /// Changes the books behind everybody's back, and counts it as a change.
    async fn change(&self, statements: &str) {
        let org = self.seeded.org.to_string();
        let statements =
            format!("{}; DELETE FROM sales_rollup WHERE org_id = '{org}'", statements.replace("{org}", &org));
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(self.database.admin()).await.unwrap();
        self.database.sum_up(self.seeded.org).await;
        let touched = format!("UPDATE vendors SET name = name WHERE org_id = '{org}'");
        sqlx::raw_sql(AssertSqlSafe(touched)).execute(self.database.admin()).await.unwrap();
    }

    /// A report about January that is ready, and shows what the books say.
    async fn report(&self, who: Uuid) -> ReportId {
        let (id, org) = (ReportId::new(), self.seeded.org);
        let days = Span { from: "2026-01-01".parse().unwrap(), to: "2026-01-31".parse().unwrap() };
        let new = NewReport {
            id,
            requested_by: who,
            on_behalf_of: who,
            kind: ReportKind::SalesSummary,
            format: ReportFormat::Pdf,
            locale: ReportLocale::English,
            days,
            scope: &ReportScope::default(),
            recipients: &[],
            run: None,
            corrected_of: None,
            request_id: None,
        };
        let mut tenant = self.ctx.database.tenant(Caller { org, subject: who }).await.unwrap();
        assert!(reports::insert(&mut tenant, &new).await.unwrap());
        let sight = exports::sight(&mut tenant).await.unwrap().mark;
        let figures = reports::figures(&mut tenant, days, &[]).await.unwrap();
        tenant.commit().await.unwrap();
        let data_version = data_versions::of(&self.ctx.database, org).await.unwrap();
        let made = Made { size_bytes: 1, sight, figures, data_version };
        let mut tenant = self.ctx.database.system(org).await.unwrap();
        reports::claim(&mut tenant, id).await.unwrap();
        let kept_for = std::time::Duration::from_secs(60);
        assert!(reports::mark_ready(&mut tenant, id, &made, kept_for).await.unwrap());
        tenant.commit().await.unwrap();
        id
    }

    async fn find(&self, id: ReportId) -> Report {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        reports::find(&mut tenant, id).await.unwrap().unwrap()
    }
}

const RESTATED: &str =
    "UPDATE sellout_entries SET amount_eur = 150 WHERE org_id = '{org}' AND vendor = 'liberty'";
const TAKEN_BACK: &str =
    "UPDATE sellout_entries SET amount_eur = 100 WHERE org_id = '{org}' AND vendor = 'liberty'";

#[tokio::test]
async fn a_report_whose_figures_were_restated_is_found_and_says_what_differs() {
    let lambda = Lambda::new().await;
    let id = lambda.report(lambda.seeded.owner.0).await;
    assert_eq!(run(&lambda.ctx).await.unwrap(), Reviewed::default(), "nothing has changed");
    lambda.change(RESTATED).await;
    assert_eq!(run(&lambda.ctx).await.unwrap(), Reviewed { reports: 1, outdated: 1 });
    let [difference] = &lambda.find(id).await.differences.unwrap()[..] else { panic!("one vendor differs") };
    let revenue = |shown: &Option<reports::Shown>| shown.as_ref().unwrap().revenue_eur.unwrap().to_string();
    assert_eq!(difference.vendor, "liberty");
    assert_eq!((revenue(&difference.shown), revenue(&difference.now)), ("100".to_owned(), "150".to_owned()));
    assert_eq!(run(&lambda.ctx).await.unwrap(), Reviewed::default(), "once for a change");
    lambda.change(TAKEN_BACK).await;
    assert_eq!(run(&lambda.ctx).await.unwrap(), Reviewed { reports: 1, outdated: 0 });
    assert_eq!(lambda.find(id).await.differences, None, "what was undone needs no correction");
}

#[tokio::test]
async fn a_change_of_what_a_report_does_not_show_concerns_nobody() {
    let lambda = Lambda::new().await;
    let viewer = lambda.database.principal(lambda.seeded.org, "viewer").await.user_id.0;
    let rule = "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ($1, 'p', $2, '{boxnox}')";
    sqlx::query(rule).bind(lambda.seeded.org.0).bind(viewer).execute(lambda.database.admin()).await.unwrap();
    let (all, some) = (lambda.report(lambda.seeded.owner.0).await, lambda.report(viewer).await);
    lambda.change(RESTATED).await;
    assert_eq!(run(&lambda.ctx).await.unwrap(), Reviewed { reports: 2, outdated: 1 });
    assert!(lambda.find(all).await.differences.is_some());
    assert_eq!(lambda.find(some).await.differences, None);
}

#[tokio::test]
async fn other_rights_are_no_correction() {
    let lambda = Lambda::new().await;
    let viewer = lambda.database.principal(lambda.seeded.org, "viewer").await.user_id.0;
    let id = lambda.report(viewer).await;
    let rule = "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ($1, 'p', $2, '{boxnox}')";
    sqlx::query(rule).bind(lambda.seeded.org.0).bind(viewer).execute(lambda.database.admin()).await.unwrap();
    assert_eq!(run(&lambda.ctx).await.unwrap(), Reviewed { reports: 1, outdated: 0 });
    assert_eq!(lambda.find(id).await.differences, None);
}
