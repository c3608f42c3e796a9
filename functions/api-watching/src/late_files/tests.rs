use cloud::{MemoryQueue, Queue};
use data::late_files::{self, Words};
use domain::{EmailRequested, Period};
use edge::{
    DatabaseContext, Principal,
    http::{RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Row};
use testkit::{Seeded, TestDatabase};

use super::*;
use crate::MailContext;

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    ctx: DatabaseContext,
    mailing: MailContext,
    woken: MemoryQueue,
}

impl Setting {
    /// Galilu has reported three months, and January is late.
    async fn new() -> (Self, LateFileId) {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let woken = MemoryQueue::default();
        let mailing = MailContext { database: database.app().clone(), emails: Queue::Memory(woken.clone()) };
        let ctx = DatabaseContext { database: database.app().clone() };
        let setting = Self { database, seeded, ctx, mailing, woken };
        let org = setting.seeded.org;
        setting
            .admin(&format!(
                "UPDATE organizations SET brand_name = 'Maison Aveline';
                 INSERT INTO vendors (org_id, key, name, contact_email, contact_language)
                 VALUES ('{org}', 'galilu', 'Galilu', 'dane@galilu.example', 'pl')"
            ))
            .await;
        for month in ["2025-10", "2025-11", "2025-12"] {
            setting.report(month).await;
        }
        let id = LateFileId::new();
        let mut tenant = setting.ctx.database.system(org).await.unwrap();
        let days = Period::month(2026, 1).unwrap();
        let words = Words { subject: "Dane sprzedaży", body: "Dzień dobry,\n\ngdzie jest plik?" };
        let due_on = "2026-02-12".parse().unwrap();
        assert!(late_files::insert(&mut tenant, id, "galilu", days, due_on, words).await.unwrap());
        tenant.commit().await.unwrap();
        (setting, id)
    }

    async fn admin(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }

    async fn report(&self, month: &str) {
        let org = self.seeded.org;
        self.admin(&format!(
            "WITH file AS (
                 INSERT INTO uploads (id, org_id, source, object_key, file_name, size_bytes, status, vendor, stated_at, finished_at)
                 VALUES (uuidv7(), '{org}', 'api', 'galilu/{month}', '{month}.xlsx', 1, 'completed', 'galilu', now(), now())
                 RETURNING id)
             INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version, stated_at,
                 document_kind, records, quantity, change, active)
             SELECT '{org}', id, 'galilu', 'main', '{month}-01', ('{month}-01'::date + interval '1 month')::date - 1, 'PLN', 1,
                 '{month}-01'::date + interval '1 month 4 days 8 hours', 'snapshot', 1, 1, 'new', true FROM file"
        ))
        .await;
    }

    fn about(&self, who: &Principal, method: &str, path: &str, id: LateFileId) -> RequestBuilder {
        RequestBuilder::new(method, path).path("id", id).principal(who)
    }

    async fn get(&self, who: &Principal, id: LateFileId) -> Response {
        answer(&self.ctx, get::handle, self.about(who, "GET", "/v1/late-files/{id}", id).build()).await
    }

    async fn change(&self, id: LateFileId, version: i32, body: &Value) -> Response {
        let request = self.about(&self.seeded.principal(), "PATCH", "/v1/late-files/{id}", id);
        let request = request.header("if-match", &format!("\"{version}\"")).json(body);
        answer(&self.ctx, update::handle, request.build()).await
    }

    async fn approve(&self, who: &Principal, id: LateFileId, version: i32) -> Response {
        let request = self.about(who, "POST", "/v1/late-files/{id}/approve", id);
        let request = request.header("if-match", &format!("\"{version}\""));
        answer(&self.mailing, approve::handle, request.build()).await
    }

    async fn dismiss(&self, id: LateFileId, version: i32) -> Response {
        let request = self.about(&self.seeded.principal(), "POST", "/v1/late-files/{id}/dismiss", id);
        let request = request.header("if-match", &format!("\"{version}\""));
        answer(&self.ctx, dismiss::handle, request.build()).await
    }

    async fn list(&self, who: &Principal, query: &str) -> Value {
        let request = RequestBuilder::new("GET", &format!("/v1/late-files?{query}")).principal(who);
        answer(&self.ctx, list::handle, request.build()).await.json()
    }
}

#[tokio::test]
async fn a_reminder_leaves_in_the_words_that_were_approved_and_once() {
    let (setting, id) = Setting::new().await;
    let analyst = setting.database.principal(setting.seeded.org, "analyst").await;
    let seen = setting.get(&analyst, id).await;
    assert_eq!(seen.header("etag"), Some("\"1\""));
    let seen = seen.json();
    assert_eq!(
        (&seen["from"], &seen["to"], &seen["reminder"]["to"], &seen["reminder"]["status"]),
        (&json!("2026-01-01"), &json!("2026-01-31"), &json!("dane@galilu.example"), &json!("waiting"))
    );
    let changed = setting.change(id, 1, &json!({"subject": "  Styczeń <b>2026</b>  "})).await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")), "{:?}", changed.json());
    assert_eq!(setting.approve(&analyst, id, 1).await.status, 412, "other words than those that were seen");
    let approved = setting.approve(&analyst, id, 2).await;
    assert_eq!(approved.status, 200, "{:?}", approved.json());
    let approved = approved.json();
    assert_eq!(approved["reminder"]["status"], "approved");
    assert_eq!(approved["reminder"]["decided_by"], json!(analyst.user_id));

    let again = setting.approve(&analyst, id, 3).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("reminder_decided")));
    let mail = sqlx::query("SELECT id::text, type, recipient, status, payload FROM email_logs")
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(json!(mail.get::<String, _>("id")), approved["reminder"]["email_id"]);
    assert_eq!(
        (mail.get::<String, _>("type"), mail.get::<String, _>("recipient")),
        ("file_reminder".to_owned(), "dane@galilu.example".to_owned())
    );
    let payload = mail.get::<Value, _>("payload");
    let expected = json!({
        "organization": "Maison Aveline", "language": "pl", "subject": "Styczeń <b>2026</b>",
        "body": "Dzień dobry,\n\ngdzie jest plik?", "reply_to": analyst.email,
    });
    assert_eq!(payload, expected);
    assert_eq!(setting.woken.drain::<EmailRequested>().unwrap().len(), 1);
    let recorded: Vec<String> = sqlx::query_scalar("SELECT action FROM audit_events ORDER BY seq")
        .fetch_all(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(recorded, ["reminder_updated", "reminder_approved"]);
}

#[tokio::test]
async fn what_has_come_or_has_nowhere_to_go_is_not_sent() {
    let (setting, id) = Setting::new().await;
    let owner = setting.seeded.principal();
    setting.admin("UPDATE vendors SET contact_email = NULL").await;
    let nowhere = setting.approve(&owner, id, 1).await;
    assert_eq!((nowhere.status, &nowhere.json()["code"]), (409, &json!("contact_missing")));
    setting.admin("UPDATE vendors SET contact_email = 'dane@galilu.example'").await;
    setting.report("2026-01").await;
    let come = setting.approve(&owner, id, 1).await;
    assert_eq!((come.status, &come.json()["code"]), (409, &json!("not_late_any_more")));
    assert!(setting.woken.drain::<EmailRequested>().unwrap().is_empty());
    assert_eq!(setting.list(&owner, "reminder=waiting").await["data"][0]["id"], json!(id));
    assert_eq!(setting.dismiss(id, 1).await.json()["reminder"]["status"], "dismissed");
    assert_eq!(setting.dismiss(id, 2).await.json()["code"], "reminder_decided");
    assert_eq!(setting.change(id, 2, &json!({"subject": "x"})).await.json()["code"], "reminder_decided");
    assert_eq!(setting.list(&owner, "reminder=waiting").await["data"], json!([]));
    assert_eq!(
        setting.list(&owner, "settled=false&vendor=galilu").await["data"].as_array().unwrap().len(),
        1
    );
    assert_eq!(setting.list(&owner, "settled=true").await["data"], json!([]));
}

#[tokio::test]
async fn words_that_could_be_more_than_words_are_refused() {
    let (setting, id) = Setting::new().await;
    let long = "x".repeat(5_001);
    for (body, pointer) in [
        (json!({"subject": "a\r\nBcc: all@evil.example"}), "/subject"),
        (json!({"subject": ""}), "/subject"),
        (json!({"subject": "x".repeat(201)}), "/subject"),
        (json!({"body": " \n "}), "/body"),
        (json!({"body": "a\u{0}b"}), "/body"),
        (json!({"body": long}), "/body"),
    ] {
        let refused = setting.change(id, 1, &body).await;
        assert_eq!(
            (refused.status, &refused.json()["fields"][0]["pointer"]),
            (422, &json!(pointer)),
            "{body}"
        );
    }
    assert_eq!(setting.change(id, 7, &json!({"subject": "x"})).await.status, 412);
}

#[tokio::test]
async fn a_late_file_is_shown_to_who_may_see_its_vendor_alone() {
    let (setting, id) = Setting::new().await;
    let rival = setting.database.seed("rival").await.principal();
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    assert_eq!(setting.get(&viewer, id).await.status, 200);
    assert_eq!(setting.approve(&viewer, id, 1).await.status, 403);
    let (org, user) = (setting.seeded.org, viewer.user_id);
    setting
        .admin(&format!(
            "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ('{org}', 'p', '{user}', '{{liberty}}')"
        ))
        .await;
    for who in [&viewer, &rival] {
        assert_eq!(setting.get(who, id).await.status, 404);
        assert_eq!(setting.list(who, "").await["data"], json!([]));
    }
    assert_eq!(setting.approve(&rival, id, 1).await.status, 404);
    // The database itself lets nobody but the job say that something is late.
    let mut tenant = setting.ctx.database.tenant(&setting.seeded.principal()).await.unwrap();
    let words = Words { subject: "s", body: "b" };
    let days = Period::month(2026, 2).unwrap();
    let due_on = "2026-03-12".parse().unwrap();
    let made = late_files::insert(&mut tenant, LateFileId::new(), "galilu", days, due_on, words).await;
    assert!(made.is_err());
}
