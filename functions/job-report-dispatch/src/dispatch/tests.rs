mod kills;

use chrono::TimeDelta;
use cloud::{MemoryQueue, Queue};
use data::{
    report_schedules::Wish,
    reports::{self, Report},
};
use domain::{
    EmailRequested, ReportFormat, ReportId, ReportKind, ReportLocale, ReportRecipient, ReportRequested,
    ReportScope,
    metrics::{Dimension, Filter},
    schedule::CatchUp,
};
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};
use uuid::Uuid;

use super::*;

pub(super) struct Lambda {
    pub(super) database: TestDatabase,
    pub(super) seeded: Seeded,
    pub(super) ctx: Context,
    pub(super) woken: MemoryQueue,
    mails: MemoryQueue,
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn to(address: &str, filters: Option<Vec<Filter>>) -> ReportRecipient {
    ReportRecipient { address: address.to_owned(), filters }
}

fn only(vendor: &str) -> Vec<Filter> {
    vec![Filter::new(Dimension::Vendor, vec![Some(vendor.to_owned())], false).unwrap()]
}

/// Every day at seven in Berlin, about the month before.
pub(super) fn wish(owner: Uuid, recipients: Vec<ReportRecipient>) -> Wish {
    Wish {
        owner,
        name: "Monday".to_owned(),
        kind: ReportKind::SalesSummary,
        format: ReportFormat::Csv,
        locale: ReportLocale::English,
        scope: ReportScope::default(),
        cadence: serde_json::from_value(
            serde_json::json!({"every": "day", "time": "07:00", "time_zone": "Europe/Berlin"}),
        )
        .unwrap(),
        period: "last_full_month".parse().unwrap(),
        recipients,
        catch_up: CatchUp::RunOnce,
        active: true,
        next_run_at: Some(at("2026-11-01T06:00:00Z")),
    }
}

impl Lambda {
    pub(super) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let (woken, mails) = (MemoryQueue::default(), MemoryQueue::default());
        let ctx = Context {
            database: database.app().clone(),
            reports: Queue::Memory(woken.clone()),
            emails: Queue::Memory(mails.clone()),
        };
        Self { database, seeded, ctx, woken, mails }
    }

    pub(super) async fn keep(&self, wish: &Wish) -> ReportScheduleId {
        let id = ReportScheduleId::new();
        let caller = data::Caller { org: self.seeded.org, subject: wish.owner };
        let mut tenant = self.ctx.database.tenant(caller).await.unwrap();
        assert!(report_schedules::insert(&mut tenant, id, wish).await.unwrap());
        tenant.commit().await.unwrap();
        id
    }

    pub(super) async fn system(&self) -> Tenant {
        self.ctx.database.system(self.seeded.org).await.unwrap()
    }

    pub(super) async fn runs(&self, id: ReportScheduleId) -> Vec<report_runs::Run> {
        report_runs::list(&mut self.system().await, id, 100, None).await.unwrap()
    }

    pub(super) async fn reports(&self) -> Vec<Report> {
        reports::list(&mut self.system().await, false, 100, None).await.unwrap()
    }

    async fn schedule(&self, id: ReportScheduleId) -> Schedule {
        report_schedules::find(&mut self.system().await, id).await.unwrap().unwrap()
    }

    async fn user(&self, role: &str) -> (Uuid, String) {
        let principal = self.database.principal(self.seeded.org, role).await;
        (principal.user_id.0, principal.email)
    }

    async fn admin(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }

    /// Ends all reports of a run that are open.
    async fn end(&self, run: Uuid, has_failed: bool) -> Vec<EmailRequested> {
        let open = self.reports().await.into_iter().filter(|report| report.run_id == Some(run));
        let mut mails = Vec::new();
        for report in open {
            let mut tenant = self.system().await;
            let id = ReportId(report.id);
            reports::claim(&mut tenant, id).await.unwrap();
            if has_failed {
                assert!(reports::mark_failed(&mut tenant, id, &reports::given_up()).await.unwrap());
            } else {
                let made = reports::Made {
                    size_bytes: 1,
                    sight: String::new(),
                    figures: reports::Figures::new(),
                    data_version: 0,
                };
                let day = std::time::Duration::from_secs(86_400);
                assert!(reports::mark_ready(&mut tenant, id, &made, day).await.unwrap());
            }
            mails.extend(report_runs::settle(&mut tenant, ReportRunId(run)).await.unwrap());
            tenant.commit().await.unwrap();
        }
        mails
    }
}

#[tokio::test]
async fn everybody_gets_one_report_under_their_own_rights_and_others_what_was_chosen_for_them() {
    let lambda = Lambda::new().await;
    let owner = lambda.seeded.owner.0;
    let ((ann, ann_mail), (gone, gone_mail)) = (lambda.user("viewer").await, lambda.user("analyst").await);
    lambda.admin(&format!("UPDATE users SET disabled_at = now() WHERE id = '{gone}'")).await;
    let recipients = vec![
        to(&ann_mail, None),
        to(&gone_mail, Some(Vec::new())),
        to("buyer@liberty.example", Some(only("liberty"))),
        to("second@liberty.example", Some(only("liberty"))),
        to("partner@boxnox.example", Some(only("boxnox"))),
        to("former@aveline.example", None),
    ];
    let id = lambda.keep(&wish(owner, recipients)).await;
    let dispatched = dispatch_at(&lambda.ctx, at("2026-11-01T06:01:00Z")).await.unwrap();
    assert_eq!(dispatched, Dispatched { schedules: 1, reports: 3, stopped: 0 });
    let runs = lambda.runs(id).await;
    assert_eq!(runs.len(), 1);
    let run = &runs[0];
    assert_eq!(
        (run.due_at, run.trigger.0, run.status.as_str(), run.reports),
        (at("2026-11-01T06:00:00Z"), Trigger::Due, "running", 3)
    );
    assert_eq!(
        (run.first_day.to_string(), run.last_day.to_string()),
        ("2026-10-01".to_owned(), "2026-10-31".to_owned())
    );
    let left_out: Vec<_> = run.left_out.iter().map(|one| (one.address.as_str(), one.code.as_str())).collect();
    assert_eq!(
        left_out,
        [(gone_mail.as_str(), "recipient_disabled"), ("former@aveline.example", "filters_needed")]
    );
    let mut got: Vec<_> = lambda
        .reports()
        .await
        .into_iter()
        .map(|report| (report.recipients, report.on_behalf_of, report.scope.filters))
        .collect();
    got.sort_by(|one, other| one.0.cmp(&other.0));
    let mut expected = vec![
        (vec![ann_mail], ann, Vec::new()),
        (
            vec!["buyer@liberty.example".to_owned(), "second@liberty.example".to_owned()],
            owner,
            only("liberty"),
        ),
        (vec!["partner@boxnox.example".to_owned()], owner, only("boxnox")),
    ];
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(got, expected);
    assert_eq!(lambda.woken.drain::<ReportRequested>().unwrap().len(), 3);
    assert_eq!(lambda.schedule(id).await.next_run_at, Some(at("2026-11-02T06:00:00Z")));
    lambda.end(run.id, false).await;
    assert_eq!(lambda.runs(id).await[0].status, "partly", "two recipients got nothing");
}

#[tokio::test]
async fn a_due_time_has_one_run_however_often_the_job_comes() {
    let lambda = Lambda::new().await;
    let id = lambda.keep(&wish(lambda.seeded.owner.0, Vec::new())).await;
    let now = at("2026-11-01T06:01:00Z");
    let (one, two, three) = tokio::join!(
        dispatch_at(&lambda.ctx, now),
        dispatch_at(&lambda.ctx, now),
        dispatch_at(&lambda.ctx, now)
    );
    assert_eq!(one.unwrap().reports + two.unwrap().reports + three.unwrap().reports, 1);
    // Somebody puts it back.
    lambda.admin("UPDATE report_schedules SET next_run_at = '2026-11-01T06:00:00Z'").await;
    assert_eq!(dispatch_at(&lambda.ctx, now).await.unwrap().reports, 0);
    assert_eq!((lambda.runs(id).await.len(), lambda.reports().await.len()), (1, 1));
    assert_eq!(dispatch_at(&lambda.ctx, at("2026-11-02T05:59:59Z")).await.unwrap().schedules, 0, "not yet");
}

#[tokio::test]
async fn an_outage_is_caught_up_and_the_log_says_what_was_missed() {
    let lambda = Lambda::new().await;
    let once = lambda.keep(&wish(lambda.seeded.owner.0, Vec::new())).await;
    let all =
        lambda.keep(&Wish { catch_up: CatchUp::RunAll, ..wish(lambda.seeded.owner.0, Vec::new()) }).await;
    let skip =
        lambda.keep(&Wish { catch_up: CatchUp::Skip, ..wish(lambda.seeded.owner.0, Vec::new()) }).await;
    dispatch_at(&lambda.ctx, at("2026-11-04T12:00:00Z")).await.unwrap();
    let log = async |id| {
        let mut runs = lambda.runs(id).await;
        runs.sort_by_key(|run| run.due_at);
        runs.into_iter()
            .map(|run| {
                (run.due_at.format("%d").to_string(), run.status, run.reason.map(|reason| reason.message))
            })
            .collect::<Vec<_>>()
    };
    let missed = |times: &str, last: &str| {
        Some(format!("{times} due times were missed until 2026-11-{last} 06:00 UTC while nothing ran."))
    };
    assert_eq!(
        log(once).await,
        [
            ("01".to_owned(), "skipped".to_owned(), missed("3", "03")),
            ("04".to_owned(), "running".to_owned(), None)
        ]
    );
    assert_eq!(log(all).await.iter().filter(|(_, status, _)| status == "running").count(), 4);
    assert_eq!(log(skip).await, [("01".to_owned(), "skipped".to_owned(), missed("4", "04"))]);
    assert_eq!(lambda.schedule(skip).await.next_run_at, Some(at("2026-11-05T06:00:00Z")));
}

#[tokio::test]
async fn a_schedule_whose_owner_lost_their_rights_stops_and_says_so() {
    for (statement, told) in [
        ("UPDATE users SET role = 'viewer' WHERE id = '{id}'", "theirs"),
        ("UPDATE users SET disabled_at = now() WHERE id = '{id}'", "owners"),
        (
            "INSERT INTO policies (org_id, name, user_id, vendors) SELECT org_id, 'p', id, '{liberty}' FROM users WHERE id = '{id}'",
            "theirs",
        ),
    ] {
        let lambda = Lambda::new().await;
        let (analyst, address) = lambda.user("analyst").await;
        let id = lambda.keep(&wish(analyst, vec![to("buyer@liberty.example", Some(Vec::new()))])).await;
        lambda.admin(&statement.replace("{id}", &analyst.to_string())).await;
        let dispatched = dispatch_at(&lambda.ctx, at("2026-11-01T06:01:00Z")).await.unwrap();
        assert_eq!((dispatched.reports, dispatched.stopped), (0, 1), "{statement}");
        let schedule = lambda.schedule(id).await;
        assert_eq!((schedule.active, schedule.stopped.unwrap().code.as_str()), (false, "owner_lost_rights"));
        let runs = lambda.runs(id).await;
        assert_eq!((runs.len(), runs[0].status.as_str()), (1, "failed"));
        assert_eq!(runs[0].reason.as_ref().unwrap().code, "owner_lost_rights");
        let mails: Vec<(String, String)> = sqlx::query_as("SELECT type, recipient FROM email_logs")
            .fetch_all(lambda.database.admin())
            .await
            .unwrap();
        let recipient = if told == "theirs" { address } else { lambda.seeded.principal().email };
        assert_eq!(mails, [("schedule_stopped".to_owned(), recipient)]);
        assert_eq!(lambda.mails.drain::<EmailRequested>().unwrap().len(), 1);
        assert_eq!(
            dispatch_at(&lambda.ctx, at("2026-11-09T06:01:00Z")).await.unwrap(),
            Dispatched::default()
        );
    }
}

#[tokio::test]
async fn five_runs_in_a_row_that_fail_stop_it_with_one_mail_to_its_owner() {
    let lambda = Lambda::new().await;
    let id = lambda.keep(&wish(lambda.seeded.owner.0, Vec::new())).await;
    let mut now = at("2026-11-01T06:00:00Z");
    for has_failed in [true, true, true, true, false, true, true, true, true, true] {
        assert!(lambda.schedule(id).await.active);
        dispatch_at(&lambda.ctx, now).await.unwrap();
        let run = lambda.runs(id).await[0].clone();
        lambda.end(run.id, has_failed).await;
        assert_eq!(lambda.runs(id).await[0].status, if has_failed { "failed" } else { "ready" });
        now += TimeDelta::days(1);
    }
    let schedule = lambda.schedule(id).await;
    assert_eq!((schedule.active, schedule.stopped.unwrap().code.as_str()), (false, "failed_repeatedly"));
    let mails: i64 = sqlx::query_scalar("SELECT count(*) FROM email_logs WHERE type = 'schedule_stopped'")
        .fetch_one(lambda.database.admin())
        .await
        .unwrap();
    assert_eq!(mails, 1);
    assert_eq!(dispatch_at(&lambda.ctx, now).await.unwrap().schedules, 0);
}
