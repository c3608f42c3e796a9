use chrono::TimeDelta;
use cloud::{MemoryQueue, Queue};
use data::late_files::Filter;
use domain::ReminderStatus;
use sqlx::{AssertSqlSafe, Row};
use testkit::{Seeded, TestDatabase, dies_after};

use super::*;

struct Lambda {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
    woken: MemoryQueue,
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

impl Lambda {
    /// Galilu reports months, each five days after its end: January is due by February 12th, grace included.
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let woken = MemoryQueue::default();
        let ctx = Context { database: database.app().clone(), emails: Queue::Memory(woken.clone()) };
        let lambda = Self { database, seeded, ctx, woken };
        lambda.vendor("galilu").await;
        for month in ["2025-09", "2025-10", "2025-11", "2025-12"] {
            lambda.report("galilu", month).await;
        }
        lambda
    }

    async fn admin(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }

    async fn vendor(&self, key: &str) {
        let org = self.seeded.org;
        self.admin(&format!(
            "INSERT INTO vendors (org_id, key, name, contact_name, contact_email, contact_language)
             VALUES ('{org}', '{key}', initcap('{key}'), 'Jan Kowalski', 'dane@{key}.example', 'pl')"
        ))
        .await;
    }

    /// A month of this vendor, booked on the fifth day after its end.
    async fn report(&self, vendor: &str, month: &str) {
        let org = self.seeded.org;
        self.admin(&format!(
            "WITH file AS (
                 INSERT INTO uploads (id, org_id, source, object_key, file_name, size_bytes, status, vendor, stated_at, finished_at)
                 VALUES (uuidv7(), '{org}', 'api', '{vendor}/{month}', '{month}.xlsx', 1, 'completed', '{vendor}', now(), now())
                 RETURNING id)
             INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version, stated_at,
                 document_kind, records, quantity, change, active)
             SELECT '{org}', id, '{vendor}', 'main', '{month}-01', ('{month}-01'::date + interval '1 month')::date - 1, 'PLN', 1,
                 '{month}-01'::date + interval '1 month 4 days 8 hours', 'snapshot', 1, 1, 'new', true FROM file"
        ))
        .await;
    }

    async fn watch(&self, now: &str) -> Watched {
        watch_at(&self.ctx, at(now)).await.unwrap()
    }

    async fn late(&self) -> Vec<LateFile> {
        let mut tenant = self.ctx.database.system(self.seeded.org).await.unwrap();
        late_files::list(&mut tenant, &Filter::default(), 100, None).await.unwrap()
    }

    /// Kind, recipient and payload of every mail, the oldest first.
    async fn mails(&self) -> Vec<(String, String, String)> {
        let rows =
            sqlx::query("SELECT type, recipient, payload::text AS payload FROM email_logs ORDER BY id")
                .fetch_all(self.database.admin())
                .await
                .unwrap();
        rows.iter().map(|row| (row.get("type"), row.get("recipient"), row.get("payload"))).collect()
    }
}

#[tokio::test]
async fn a_late_file_is_noticed_once_told_to_who_can_do_something_and_has_a_reminder_drafted() {
    let lambda = Lambda::new().await;
    let analyst = lambda.database.principal(lambda.seeded.org, "analyst").await;
    lambda.database.principal(lambda.seeded.org, "viewer").await;
    let gone = lambda.database.principal(lambda.seeded.org, "admin").await;
    lambda.admin(&format!("UPDATE users SET disabled_at = now() WHERE id = '{}'", gone.user_id)).await;
    // Somebody who sees another vendor alone hears nothing of this one.
    let other = lambda.database.principal(lambda.seeded.org, "analyst").await;
    let org = lambda.seeded.org;
    lambda
        .admin(&format!(
            "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ('{org}', 'p', '{}', '{{liberty}}')",
            other.user_id
        ))
        .await;

    assert_eq!(lambda.watch("2026-02-12T12:00:00Z").await.noticed, 0);
    let mut seen = lambda.watch("2026-02-13T12:00:00Z").await;
    assert_eq!((seen.noticed, seen.settled), (1, 0));
    let [late] = lambda.late().await.try_into().unwrap();
    assert_eq!((late.vendor.as_str(), late.first_day.to_string().as_str()), ("galilu", "2026-01-01"));
    assert_eq!((late.due_on.to_string().as_str(), late.reminder.0), ("2026-02-12", ReminderStatus::Waiting));
    assert_eq!(late.subject, "Dane sprzedaży Galilu: styczeń 2026");
    assert!(late.body.starts_with("Dzień dobry, Jan Kowalski,"), "{}", late.body);
    let mails = lambda.mails().await;
    let readers: Vec<&str> = mails.iter().map(|(_, reader, _)| reader.as_str()).collect();
    let mut expected = [analyst.email.as_str(), &lambda.seeded.owner_email];
    expected.sort_unstable();
    assert_eq!(readers, expected);
    assert!(mails.iter().all(|(kind, _, _)| kind == "file_missing"));
    assert!(mails[0].2.contains("Galilu: 2026-01-01 to 2026-01-31 is 1 day late"), "{}", mails[0].2);
    assert_eq!(lambda.woken.drain::<EmailRequested>().unwrap().len(), 2);
    let after_once = (lambda.late().await, mails);

    // Whatever comes again finds it done.
    seen = lambda.watch("2026-02-13T12:00:00Z").await;
    assert_eq!((seen.noticed, seen.settled), (0, 0));
    assert_eq!((lambda.late().await, lambda.mails().await), after_once);
    let both = tokio::join!(
        watch_at(&lambda.ctx, at("2026-03-20T12:00:00Z")),
        watch_at(&lambda.ctx, at("2026-03-20T12:00:00Z"))
    );
    assert_eq!(both.0.unwrap().noticed + both.1.unwrap().noticed, 1, "February is late by now, once");
    assert_eq!(lambda.late().await.len(), 2);
    assert_eq!(lambda.mails().await.len(), 4);
}

#[tokio::test]
async fn the_day_is_that_of_the_organisation() {
    let lambda = Lambda::new().await;
    lambda.admin("UPDATE organizations SET time_zone = 'Pacific/Auckland'").await;
    // Midnight of the 13th in Auckland is 11:00 UTC of the 12th.
    assert_eq!(lambda.watch("2026-02-12T10:59:00Z").await.noticed, 0);
    assert_eq!(lambda.watch("2026-02-12T11:01:00Z").await.noticed, 1);
    let other = Lambda::new().await;
    other.admin("UPDATE organizations SET time_zone = 'Pacific/Honolulu'").await;
    assert_eq!(other.watch("2026-02-13T09:59:00Z").await.noticed, 0);
    assert_eq!(other.watch("2026-02-13T10:01:00Z").await.noticed, 1);
}

#[tokio::test]
async fn a_reminder_is_withdrawn_when_the_file_comes_and_back_when_it_is_undone() {
    let lambda = Lambda::new().await;
    lambda.watch("2026-02-13T12:00:00Z").await;
    lambda.report("galilu", "2026-01").await;
    assert_eq!(lambda.watch("2026-02-13T12:15:00Z").await.settled, 1);
    let [late] = lambda.late().await.try_into().unwrap();
    assert_eq!((late.reminder.0, late.settled_as.as_deref()), (ReminderStatus::Withdrawn, Some("arrived")));
    assert_eq!(lambda.watch("2026-02-13T12:30:00Z").await.settled, 0);

    lambda.admin("UPDATE uploads SET status = 'undone' WHERE file_name = '2026-01.xlsx'").await;
    assert_eq!(lambda.watch("2026-02-13T12:45:00Z").await.noticed, 0, "nobody is told twice");
    let [again] = lambda.late().await.try_into().unwrap();
    assert_eq!((again.reminder.0, again.settled_at), (ReminderStatus::Waiting, None));
    assert_eq!(lambda.mails().await.len(), 1);
    assert_eq!(again.id, late.id);
}

#[tokio::test]
async fn nobody_waits_for_known_gaps_archived_vendors_and_those_that_stopped() {
    let lambda = Lambda::new().await;
    let (org, owner) = (lambda.seeded.org, lambda.seeded.owner);
    lambda.vendor("boxnox").await;
    for month in ["2025-10", "2025-11", "2025-12"] {
        lambda.report("boxnox", month).await;
    }
    lambda.admin("UPDATE vendors SET archived_at = now() WHERE key = 'boxnox'").await;
    lambda
        .admin(&format!(
            "INSERT INTO known_gaps (id, org_id, vendor, first_day, last_day, reason, created_by)
             VALUES (uuidv7(), '{org}', 'galilu', '2026-01-01', '2026-01-31', 'they moved', '{owner}')"
        ))
        .await;
    assert_eq!(lambda.watch("2026-02-20T12:00:00Z").await.noticed, 0);
    lambda.admin("DELETE FROM known_gaps").await;
    assert_eq!(lambda.watch("2026-02-20T12:15:00Z").await.noticed, 1);
    lambda.admin("UPDATE vendors SET archived_at = NULL WHERE key = 'boxnox'").await;
    assert_eq!(lambda.watch("2026-02-20T12:30:00Z").await.noticed, 1);
    // Archived afterwards, it is not waited for any more.
    lambda.admin("UPDATE vendors SET archived_at = now() WHERE key = 'boxnox'").await;
    assert_eq!(lambda.watch("2026-02-20T12:45:00Z").await.settled, 1);
    let ended: Vec<_> = lambda.late().await.into_iter().map(|late| (late.vendor, late.settled_as)).collect();
    assert!(ended.contains(&("boxnox".to_owned(), Some("not_expected".to_owned()))), "{ended:?}");

    let stopped = Lambda::new().await;
    assert_eq!(stopped.watch("2027-01-01T12:00:00Z").await.noticed, 0);
}

#[tokio::test]
async fn words_that_somebody_has_put_otherwise_stay_and_others_follow_the_contact() {
    let lambda = Lambda::new().await;
    let now = at("2026-03-20T12:00:00Z");
    watch_at(&lambda.ctx, now).await.unwrap();
    let [february, january] = lambda.late().await.try_into().unwrap();
    let mut tenant = lambda.ctx.database.system(lambda.seeded.org).await.unwrap();
    let own = Words { subject: "Styczeń?", body: "Gdzie jest plik?" };
    assert!(late_files::edit(&mut tenant, LateFileId(january.id), january.version, own).await.unwrap());
    tenant.commit().await.unwrap();
    lambda.admin("UPDATE vendors SET contact_name = NULL, contact_language = 'fr'").await;
    watch_at(&lambda.ctx, now + TimeDelta::minutes(15)).await.unwrap();
    let [followed, kept] = lambda.late().await.try_into().unwrap();
    assert_eq!((kept.subject.as_str(), kept.body.as_str()), (own.subject, own.body));
    assert_eq!(followed.subject, "Chiffres de vente Galilu : février 2026");
    assert!(followed.body.starts_with("Bonjour,") && followed.version > february.version);
}

#[tokio::test]
async fn what_dies_on_the_way_has_done_nothing() {
    let lambda = Lambda::new().await;
    let now = at("2026-02-13T12:00:00Z");
    let mut deaths = 0;
    for waits in 0..40 {
        let died = dies_after(waits, watch_at(&lambda.ctx, now)).await.transpose().unwrap().is_none();
        lambda.watch("2026-02-13T12:00:00Z").await;
        assert_eq!((lambda.late().await.len(), lambda.mails().await.len()), (1, 1), "after {waits} waits");
        lambda.admin("DELETE FROM late_files; DELETE FROM email_logs").await;
        deaths += u32::from(died);
    }
    assert!(deaths > 0, "it never died");
}
