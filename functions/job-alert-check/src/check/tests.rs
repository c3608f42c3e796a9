use cloud::{MemoryQueue, Queue};
use data::alerts::{Check, Wish};
use domain::{
    AlertCondition, AlertRule, AlertSide,
    metrics::{Dimension, Metric},
    schedule::QuietHours,
};
use sqlx::{AssertSqlSafe, Row};
use testkit::{Seeded, TestDatabase, dies_after};

use super::*;

struct Lambda {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
    woken: MemoryQueue,
}

/// A mail in the outbox.
#[derive(Debug, PartialEq)]
struct Mail {
    recipient: String,
    headline: String,
    lines: Vec<String>,
    next_try_at: DateTime<Utc>,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Lambda {
    /// Galilu and Liberty have reported each month of 2025, a hundred euro each.
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let woken = MemoryQueue::default();
        let ctx = Context { database: database.app().clone(), emails: Queue::Memory(woken.clone()) };
        let lambda = Self { database, seeded, ctx, woken };
        for vendor in ["galilu", "liberty"] {
            let org = lambda.seeded.org;
            lambda
                .admin(&format!("INSERT INTO vendors (org_id, key, name) VALUES ('{org}', '{vendor}', initcap('{vendor}'))"))
                .await;
            lambda.report(vendor, "2025-01", &[100; 12]).await;
        }
        lambda
    }

    async fn admin(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }

    /// Months of a vendor, one after the other.
    async fn report(&self, vendor: &str, first: &str, revenue: &[i64]) {
        let org = self.seeded.org;
        let amounts = revenue.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        self.admin(&format!(
            "WITH months AS (
                 SELECT (date '{first}-01' + make_interval(months => n::integer))::date AS start,
                     (date '{first}-01' + make_interval(months => n::integer + 1))::date - 1 AS last, amount
                 FROM unnest('{{{amounts}}}'::numeric[]) WITH ORDINALITY AS m (amount, ordinal), LATERAL (SELECT ordinal - 1) AS o (n)
             ), file AS (
                 INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor)
                 VALUES (uuidv7(), '{org}', '{vendor}.xlsx', 1, 'api', '{vendor}/{first}', now(), '{vendor}') RETURNING id
             ), said AS (
                 INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version,
                     stated_at, document_kind, records, quantity, change, active)
                 SELECT '{org}', file.id, '{vendor}', 'main', start, last, 'EUR', 1, now(), 'snapshot', 1, 1, 'new', true
                 FROM months, file
             )
             INSERT INTO sales_rollup (org_id, vendor, counts_on, channel, currency, line_class, records, quantity, with_quantity,
                 amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur)
             SELECT '{org}', '{vendor}', last, 'retail', 'EUR', 'sale', 1, 1, 1, amount, 1, amount, 1, 0, 1, amount FROM months"
        ))
        .await;
    }

    fn wish(&self, recipients: Vec<Uuid>) -> Wish {
        Wish {
            owner: self.seeded.owner.0,
            name: "Watch".to_owned(),
            rule: AlertRule {
                metric: Metric::RevenueEur,
                filters: Vec::new(),
                by: Some(Dimension::Vendor),
                every: AlertPeriod::Month,
                condition: AlertCondition::Average { is: AlertSide::Below, percent: 75.into(), periods: 6 },
            },
            quiet: None,
            repeat: AlertRepeat::Once,
            recipients,
            active: true,
            since: "2026-01-01".parse().unwrap(),
        }
    }

    async fn keep(&self, wish: &Wish) -> AlertId {
        let id = AlertId::new();
        let caller = Caller { org: self.seeded.org, subject: wish.owner };
        let mut tenant = self.ctx.database.tenant(caller).await.unwrap();
        assert!(kept::insert(&mut tenant, id, wish).await.unwrap());
        tenant.commit().await.unwrap();
        id
    }

    async fn check(&self, now: &str) -> Checked {
        check_at(&self.ctx, at(now)).await.unwrap()
    }

    async fn checks(&self, id: AlertId) -> Vec<Check> {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        kept::list_checks(&mut tenant, id, 100, None).await.unwrap()
    }

    /// Verdicts as `2026-01 galilu breached`, the latest first.
    async fn verdicts(&self, id: AlertId) -> Vec<String> {
        let checks = self.checks(id).await;
        checks
            .iter()
            .map(|check| {
                format!("{} {} {}", check.period_start.format("%Y-%m"), check.line, check.verdict.0.as_str())
            })
            .collect()
    }

    async fn mails(&self) -> Vec<Mail> {
        let rows = sqlx::query(
            "SELECT recipient, payload, next_try_at FROM email_logs WHERE type = 'anomaly' ORDER BY id",
        )
        .fetch_all(self.database.admin())
        .await
        .unwrap();
        rows.iter()
            .map(|row| {
                let payload: serde_json::Value = row.get("payload");
                let lines = payload["lines"].as_array().unwrap().iter();
                Mail {
                    recipient: row.get("recipient"),
                    headline: payload["headline"].as_str().unwrap().to_owned(),
                    lines: lines.map(|line| line.as_str().unwrap().to_owned()).collect(),
                    next_try_at: row.get("next_try_at"),
                }
            })
            .collect()
    }
}

#[tokio::test]
async fn a_vendor_below_its_average_is_told_of_once_and_one_without_a_file_is_waited_for() {
    let lambda = Lambda::new().await;
    let owner = lambda.seeded.owner.0;
    let id = lambda.keep(&lambda.wish(vec![owner])).await;
    lambda.report("galilu", "2026-01", &[41]).await;
    assert_eq!(lambda.check("2026-01-31T12:00:00Z").await.mails, 0, "January is not over");
    assert_eq!(lambda.check("2026-02-10T12:00:00Z").await.mails, 1);
    assert_eq!(lambda.verdicts(id).await, ["2026-01 galilu breached", "2026-01 liberty waiting"]);
    let waits = lambda.checks(id).await.remove(1);
    assert_eq!(waits.why, "Liberty has not reported all of it yet.");
    let mails = lambda.mails().await;
    assert_eq!(mails[0].recipient, lambda.seeded.owner_email);
    assert_eq!(mails[0].headline, "Watch: Galilu: Revenue 41.00 EUR, below 75.00 EUR in January 2026");
    assert!(
        mails[0].lines[0].contains("75 % of the average of the 6 months before, which is 100.00 EUR"),
        "{mails:?}"
    );
    assert!(
        mails[0].lines.last().unwrap().contains("interval=month&by=vendor&from=2025-07-01&to=2026-01-31")
    );
    assert_eq!(lambda.woken.drain::<EmailRequested>().unwrap().len(), 1);

    // Whatever comes again finds nothing to do, and a change of the books finds nothing new.
    let nothing = Checked::default();
    assert_eq!(lambda.check("2026-02-10T12:05:00Z").await, nothing);
    lambda.report("liberty", "2026-01", &[90]).await;
    assert_eq!(lambda.check("2026-02-10T12:10:00Z").await, Checked { alerts: 1, ..nothing });
    assert_eq!(lambda.verdicts(id).await, ["2026-01 galilu breached", "2026-01 liberty fine"]);
    assert_eq!(lambda.mails().await, mails);
    let both = tokio::join!(
        check_at(&lambda.ctx, at("2026-02-11T12:00:00Z")),
        check_at(&lambda.ctx, at("2026-02-11T12:00:00Z"))
    );
    assert!(both.0.unwrap().mails + both.1.unwrap().mails == 0);
}

#[tokio::test]
async fn what_stays_out_of_bounds_is_told_again_when_it_has_recovered_or_when_its_owner_says_so() {
    let lambda = Lambda::new().await;
    let owner = lambda.seeded.owner.0;
    let once = lambda.keep(&lambda.wish(vec![owner])).await;
    let always =
        Wish { repeat: AlertRepeat::EveryPeriod, name: "Always".to_owned(), ..lambda.wish(vec![owner]) };
    lambda.keep(&always).await;
    let mut told = Vec::new();
    for (month, revenue, now) in [
        ("2026-01", 40, "2026-02-03T12:00:00Z"),
        ("2026-02", 30, "2026-03-03T12:00:00Z"),
        ("2026-03", 110, "2026-04-03T12:00:00Z"),
        ("2026-04", 20, "2026-05-03T12:00:00Z"),
    ] {
        lambda.report("galilu", month, &[revenue]).await;
        let before = lambda.mails().await.len();
        lambda.check(now).await;
        let mut of: Vec<String> = lambda.mails().await.drain(before..).map(|mail| mail.headline).collect();
        of.iter_mut().for_each(|headline| headline.truncate(headline.find(':').unwrap()));
        of.sort();
        told.push(of);
    }
    assert_eq!(told, [vec!["Always", "Watch"], vec!["Always"], vec![], vec!["Always", "Watch"]]);
    let galilu: Vec<String> =
        lambda.verdicts(once).await.into_iter().filter(|verdict| verdict.contains("galilu")).collect();
    assert_eq!(
        galilu,
        [
            "2026-04 galilu breached",
            "2026-03 galilu fine",
            "2026-02 galilu breached",
            "2026-01 galilu breached"
        ]
    );
}

#[tokio::test]
async fn a_file_that_comes_after_the_next_one_does_not_tell_of_the_same_breach_again() {
    let lambda = Lambda::new().await;
    lambda.keep(&lambda.wish(vec![lambda.seeded.owner.0])).await;
    lambda.report("galilu", "2026-02", &[30]).await;
    assert_eq!(lambda.check("2026-03-03T12:00:00Z").await.mails, 1);
    lambda.report("galilu", "2026-01", &[30]).await;
    assert_eq!(lambda.check("2026-03-03T12:15:00Z").await.mails, 0);
}

#[tokio::test]
async fn a_restated_month_is_judged_again_and_who_was_told_hears_of_it() {
    let lambda = Lambda::new().await;
    let id = lambda.keep(&lambda.wish(vec![lambda.seeded.owner.0])).await;
    lambda.report("galilu", "2026-01", &[40]).await;
    lambda.report("liberty", "2026-01", &[95]).await;
    assert_eq!(lambda.check("2026-02-10T12:00:00Z").await.mails, 1);
    let restate = async |vendor: &str, amount: u32| {
        lambda
            .admin(&format!(
                "UPDATE sales_rollup SET amount_eur = {amount}, paired_eur = {amount}, amount_local = {amount}
                 WHERE vendor = '{vendor}' AND counts_on = '2026-01-31';
                 UPDATE reporting_periods SET quantity = quantity + 1 WHERE vendor = '{vendor}' AND period_start = '2026-01-01'"
            ))
            .await;
    };
    restate("galilu", 98).await;
    assert_eq!(lambda.check("2026-02-10T12:15:00Z").await.mails, 1);
    assert_eq!(lambda.verdicts(id).await, ["2026-01 galilu fine", "2026-01 liberty fine"]);
    assert_eq!(
        lambda.mails().await[1].headline,
        "Watch: Galilu: Revenue 98.00 EUR in January 2026, no longer out of bounds: the books have changed"
    );
    // What was never told of is corrected without a word, and a breach that appears is told of.
    restate("galilu", 97).await;
    assert_eq!(lambda.check("2026-02-10T12:30:00Z").await.mails, 0);
    restate("liberty", 50).await;
    assert_eq!(lambda.check("2026-02-10T12:45:00Z").await.mails, 1);
    assert_eq!(lambda.verdicts(id).await, ["2026-01 galilu fine", "2026-01 liberty breached"]);
    assert_eq!(
        lambda.mails().await[2].headline,
        "Watch: Liberty: Revenue 50.00 EUR, below 75.00 EUR in January 2026"
    );
    // A breach that stays one is not told of again, though its figure is another.
    restate("liberty", 51).await;
    assert_eq!(lambda.check("2026-02-10T13:00:00Z").await.mails, 0);
    assert_eq!(lambda.checks(id).await[1].value, Some(51.into()));
}

#[tokio::test]
async fn everybody_is_told_what_they_may_see_and_nothing_else() {
    let lambda = Lambda::new().await;
    let org = lambda.seeded.org;
    let limited = lambda.database.principal(org, "viewer").await;
    let blind = lambda.database.principal(org, "viewer").await;
    let seeing = lambda.database.principal(org, "viewer").await;
    lambda
        .admin(&format!(
            "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ('{org}', 'p', '{}', '{{liberty}}');
             INSERT INTO policies (org_id, name, user_id, effect, permission)
             VALUES ('{org}', 'q', '{}', 'deny', 'analytics:read')",
            limited.user_id, blind.user_id
        ))
        .await;
    let recipients = vec![limited.user_id.0, blind.user_id.0, seeing.user_id.0];
    let by_vendor = lambda.keep(&lambda.wish(recipients.clone())).await;
    let mut whole = lambda.wish(recipients);
    (whole.rule.by, whole.name) = (None, "Whole".to_owned());
    lambda.keep(&whole).await;
    lambda.report("galilu", "2026-01", &[10]).await;
    lambda.report("liberty", "2026-01", &[95]).await;
    lambda.check("2026-02-10T12:00:00Z").await;
    let mut told: Vec<(String, String)> =
        lambda.mails().await.into_iter().map(|mail| (mail.recipient, mail.headline)).collect();
    told.sort();
    let mut expected = vec![
        (
            seeing.email.clone(),
            "Watch: Galilu: Revenue 10.00 EUR, below 75.00 EUR in January 2026".to_owned(),
        ),
        // Together: 105 of 200. Of Liberty alone nothing is out of bounds.
        (seeing.email.clone(), "Whole: All: Revenue 105.00 EUR, below 150.00 EUR in January 2026".to_owned()),
    ];
    expected.sort();
    assert_eq!(told, expected);
    // Nobody sees what others were told: the history is by the rights of its reader.
    let mut reading = lambda.ctx.database.tenant(&limited).await.unwrap();
    let seen = kept::list_checks(&mut reading, by_vendor, 100, None).await.unwrap();
    assert_eq!(seen.iter().map(|check| check.line.as_str()).collect::<Vec<_>>(), ["liberty"]);
}

#[tokio::test]
async fn mails_of_quiet_hours_wait_for_their_end() {
    let lambda = Lambda::new().await;
    let quiet = QuietHours {
        from: "22:00".to_owned(),
        to: "07:00".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
    };
    lambda.keep(&Wish { quiet: Some(quiet), ..lambda.wish(vec![lambda.seeded.owner.0]) }).await;
    lambda.report("galilu", "2026-01", &[10]).await;
    assert_eq!(lambda.check("2026-02-10T23:30:00Z").await.mails, 1);
    let [mail] = lambda.mails().await.try_into().unwrap();
    assert_eq!(mail.next_try_at, at("2026-02-11T06:00:00Z"));
}

#[tokio::test]
async fn an_alert_whose_owner_has_lost_the_rights_stops_and_says_so() {
    let lambda = Lambda::new().await;
    let analyst = lambda.database.principal(lambda.seeded.org, "analyst").await;
    let wish =
        Wish { owner: analyst.user_id.0, ..lambda.wish(vec![analyst.user_id.0, lambda.seeded.owner.0]) };
    let id = lambda.keep(&wish).await;
    lambda.report("galilu", "2026-01", &[10]).await;
    lambda.admin(&format!("UPDATE users SET role = 'viewer' WHERE id = '{}'", analyst.user_id)).await;
    let done = lambda.check("2026-02-10T12:00:00Z").await;
    assert_eq!((done.stopped, done.mails), (1, 1));
    let [mail] = lambda.mails().await.try_into().unwrap();
    assert_eq!((mail.recipient, mail.headline), (analyst.email, "Watch has stopped".to_owned()));
    assert!(mail.lines[0].contains("reports:write"), "{:?}", mail.lines);
    let mut tenant = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    let stopped = kept::find(&mut tenant, id).await.unwrap().unwrap();
    assert_eq!((stopped.active, stopped.stopped.unwrap().code.as_str()), (false, "owner_lost_rights"));
    drop(tenant);
    assert_eq!(lambda.check("2026-02-11T12:00:00Z").await, Checked::default());
}

#[tokio::test]
async fn who_has_stopped_selling_to_us_is_not_waited_for() {
    let lambda = Lambda::new().await;
    let mut wish = lambda.wish(vec![lambda.seeded.owner.0]);
    wish.rule.by = None;
    let id = lambda.keep(&wish).await;
    lambda.report("galilu", "2026-01", &[10]).await;
    lambda.check("2026-02-10T12:00:00Z").await;
    assert_eq!(lambda.verdicts(id).await, ["2026-01  waiting"]);
    lambda.admin("UPDATE vendors SET archived_at = now() WHERE key = 'liberty'").await;
    lambda.check("2026-02-10T12:15:00Z").await;
    assert_eq!(lambda.verdicts(id).await, ["2026-01  breached"]);
}

#[tokio::test]
async fn a_job_that_dies_anywhere_tells_of_a_breach_once() {
    let lambda = Lambda::new().await;
    lambda.report("galilu", "2026-01", &[10]).await;
    let now = at("2026-02-10T12:00:00Z");
    let mut deaths = 0;
    for waits in 0..40 {
        let id = lambda.keep(&lambda.wish(vec![lambda.seeded.owner.0])).await;
        let died = dies_after(waits, check_at(&lambda.ctx, now)).await.transpose().unwrap().is_none();
        // The lock of a dead worker goes with its connection.
        while lambda.checks(id).await.is_empty() {
            check_at(&lambda.ctx, now).await.unwrap();
        }
        check_at(&lambda.ctx, now).await.unwrap();
        assert_eq!(lambda.mails().await.len(), 1, "after {waits} waits");
        assert_eq!(lambda.verdicts(id).await, ["2026-01 galilu breached", "2026-01 liberty waiting"]);
        lambda.admin("DELETE FROM alerts; DELETE FROM email_logs").await;
        deaths += u32::from(died);
    }
    assert!(deaths > 0, "it never died");
}
