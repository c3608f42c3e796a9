use std::future::Future;

use data::audit::Event;
use domain::{Action, AuditOutcome};
use edge::{
    ApiError, Principal,
    http::{Reply, Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase, event};

use crate::{Context, export, list, verify};

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    owner: Principal,
    ctx: Context,
}

impl Setting {
    /// With a role that was made, another one that was removed, and a refusal.
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let ctx = Context { database: database.app().clone() };
        let setting = Self { owner: seeded.principal(), database, seeded, ctx };
        for event in [
            Event::new(Action::RoleCreated).with("permissions", json!(["sales:read"])),
            Event::new(Action::RoleDeleted).with("reason", "=HYPERLINK(\"http://x\")"),
            Event::new(Action::AccessDenied).outcome(AuditOutcome::Denied).about(setting.owner.user_id),
        ] {
            let request = RequestBuilder::new("POST", "/v1/roles").principal(&setting.owner);
            let mut tenant = setting.ctx.database.tenant(&setting.owner).await.unwrap();
            request.header("x-request-id", "r-1").build().record(&mut tenant, event);
            tenant.commit().await.unwrap();
        }
        setting
    }

    async fn send<'a, H, F>(&'a self, handle: H, by: &Principal, target: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, RequestBuilder::new("GET", target).principal(by).build()).await
    }

    async fn listed(&self, query: &str) -> Value {
        let response = self.send(list::handle, &self.owner, &format!("/v1/audit{query}")).await;
        assert_eq!(response.status, 200, "{}", response.json());
        response.json()
    }
}

fn numbers(page: &Value) -> Vec<i64> {
    page["data"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn an_event_says_who_did_what_from_where() {
    let setting = Setting::new().await;
    let newest = setting.listed("?limit=1").await["data"][0].clone();
    let owner = &setting.owner;
    assert_eq!(newest["actor"], json!({ "kind": "user", "id": owner.user_id, "name": owner.email }));
    assert_eq!(newest["subject"], json!({ "kind": "user", "id": owner.user_id.to_string() }));
    let said = (&newest["action"], &newest["outcome"], &newest["ip"], &newest["request_id"]);
    assert_eq!(said, (&json!("access_denied"), &json!("denied"), &json!("192.0.2.1"), &json!("r-1")));
    assert_eq!(newest["hash"].as_str().map(str::len), Some(64));
}

#[tokio::test]
async fn filters_and_pages_give_each_event_once() {
    let setting = Setting::new().await;
    assert_eq!(numbers(&setting.listed("").await), [3, 2, 1]);
    assert_eq!(numbers(&setting.listed("?action=role_created").await), [1]);
    assert_eq!(numbers(&setting.listed("?outcome=denied").await), [3]);
    assert_eq!(
        numbers(&setting.listed(&format!("?actor={}&to=2020-01-01", setting.seeded.owner)).await),
        [0; 0]
    );
    let first = setting.listed("?limit=2").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(numbers(&setting.listed(&format!("?limit=2&cursor={cursor}")).await), [1]);
    for query in ["?action=everything", "?actor=me", "?from=yesterday", "?x=1", "?cursor=x"] {
        assert_eq!(
            setting.send(list::handle, &setting.owner, &format!("/v1/audit{query}")).await.status,
            400,
            "{query}"
        );
    }
}

#[tokio::test]
async fn an_export_is_whole_runs_no_formula_and_is_an_event() {
    let setting = Setting::new().await;
    let csv = setting.send(export::handle, &setting.owner, "/v1/audit/export").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let text = String::from_utf8_lossy(csv.body()).into_owned();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!((lines.len(), lines[0].starts_with("seq,at,action,")), (4, true), "{text}");
    assert!(lines[1].starts_with("3,") && lines[1].contains("r-1"), "{text}");
    let jsonl = setting.send(export::handle, &setting.owner, "/v1/audit/export?format=jsonl").await;
    let lines: Vec<Value> = jsonl
        .body()
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
        .collect();
    assert_eq!((lines.len(), &lines[0]["action"]), (4, &json!("audit_exported")));
    assert_eq!(lines[0]["details"], json!({ "events": 3, "format": "csv" }));
    assert_eq!(setting.send(export::handle, &setting.owner, "/v1/audit/export?format=pdf").await.status, 400);
}

#[tokio::test]
async fn an_export_that_does_not_fit_is_refused_and_never_cut() {
    let setting = Setting::new().await;
    let mut tenant = setting.ctx.database.tenant(&setting.owner).await.unwrap();
    for _ in 0..2_500 {
        tenant.record(Event::new(Action::UploadApproved).with("reason", "x".repeat(2_000)));
    }
    tenant.commit().await.unwrap();
    for format in ["csv", "jsonl"] {
        let target = format!("/v1/audit/export?format={format}");
        let refused = setting.send(export::handle, &setting.owner, &target).await;
        assert_eq!((refused.status, &refused.json()["code"]), (422, &json!("export_too_large")));
    }
    let narrowed = setting.send(export::handle, &setting.owner, "/v1/audit/export?action=role_created").await;
    assert_eq!(narrowed.status, 200);
}

#[tokio::test]
async fn a_trail_is_verified_also_against_what_was_noted() {
    let setting = Setting::new().await;
    let sound = setting.send(verify::handle, &setting.owner, "/v1/audit/verify").await.json();
    assert_eq!(
        (&sound["status"], &sound["events"], &sound["fault"]),
        (&json!("ok"), &json!(3), &Value::Null)
    );
    let noted = format!("/v1/audit/verify?events=3&hash={}", sound["hash"].as_str().unwrap());
    assert_eq!(setting.send(verify::handle, &setting.owner, &noted).await.json()["status"], "ok");
    let other = format!("/v1/audit/verify?events=2&hash={}", sound["hash"].as_str().unwrap());
    let fault = setting.send(verify::handle, &setting.owner, &other).await.json()["fault"].clone();
    assert_eq!((&fault["seq"], &fault["code"]), (&json!(2), &json!("rewritten")));
    for query in ["?events=3", "?hash=00", "?events=3&hash=xyz"] {
        assert_eq!(
            setting.send(verify::handle, &setting.owner, &format!("/v1/audit/verify{query}")).await.status,
            400
        );
    }
    let mut admin = setting.database.admin().acquire().await.unwrap();
    for statement in ["SET session_replication_role = replica", "DELETE FROM audit_events WHERE seq = 3"] {
        sqlx::query(statement).execute(&mut *admin).await.unwrap();
    }
    let broken = setting.send(verify::handle, &setting.owner, "/v1/audit/verify").await.json();
    assert_eq!((&broken["status"], &broken["fault"]["code"]), (&json!("broken"), &json!("missing")));
}

#[tokio::test]
async fn who_may_not_read_the_trail_gets_nothing_of_it() {
    let setting = Setting::new().await;
    let rival = setting.database.seed("rival").await.principal();
    assert_eq!(setting.send(list::handle, &rival, "/v1/audit").await.json()["data"], json!([]));
    for role in ["analyst", "viewer"] {
        let user = setting.database.principal(setting.seeded.org, role).await;
        assert_eq!(setting.send(list::handle, &user, "/v1/audit").await.status, 403);
        assert_eq!(setting.send(export::handle, &user, "/v1/audit/export").await.status, 403);
        assert_eq!(setting.send(verify::handle, &user, "/v1/audit/verify").await.status, 403);
    }
}

#[tokio::test]
async fn the_example_events_are_answered() {
    let setting = Setting::new().await;
    let request = |name: &str| Request::from_event(&event(name).to_string()).unwrap();
    // They come from an organisation that is not in this database: it has no trail, and so none that could be exported.
    assert_eq!(answer(&setting.ctx, list::handle, request("audit-list/denials")).await.status, 200);
    assert_eq!(answer(&setting.ctx, export::handle, request("audit-export/as-csv")).await.status, 403);
    let verified = answer(&setting.ctx, verify::handle, request("audit-verify/all")).await;
    assert_eq!(verified.json()["fault"]["seq"], 0);
}
