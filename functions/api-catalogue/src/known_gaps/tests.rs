use edge::{
    Principal,
    http::{Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{TestDatabase, event};

use super::{create, delete, import, list, update};
use crate::Context;

struct Setting {
    ctx: Context,
    owner: Principal,
    database: TestDatabase,
}

async fn setting() -> Setting {
    let database = TestDatabase::new().await;
    let owner = owner(&database, "aveline").await;
    Setting { ctx: Context { database: database.app().clone() }, owner, database }
}

async fn owner(database: &TestDatabase, slug: &str) -> Principal {
    let seeded = database.seed(slug).await;
    seeded.principal()
}

impl Setting {
    async fn create(&self, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/known-gaps").principal(&self.owner).json(body);
        answer(&self.ctx, create::handle, request.build()).await
    }

    async fn list(&self, principal: &Principal, query: &str) -> Value {
        let request = RequestBuilder::new("GET", &format!("/v1/known-gaps{query}")).principal(principal);
        answer(&self.ctx, list::handle, request.build()).await.json()
    }

    async fn delete(&self, principal: &Principal, id: &Value) -> Response {
        let id = id.as_str().unwrap();
        let request = RequestBuilder::new("DELETE", "/v1/known-gaps/x").principal(principal).path("id", id);
        answer(&self.ctx, delete::handle, request.build()).await
    }
}

/// A change under a version.
async fn change(setting: &Setting, id: &Value, version: i32, body: &Value) -> Response {
    let request = RequestBuilder::new("PATCH", "/v1/known-gaps/x").principal(&setting.owner);
    let request = request.path("id", id.as_str().unwrap()).header("if-match", &format!("\"{version}\""));
    answer(&setting.ctx, update::handle, request.json(body).build()).await
}

async fn take(setting: &Setting, csv: &str) -> Value {
    let request = RequestBuilder::new("POST", "/v1/known-gaps/import").principal(&setting.owner).text(csv);
    answer(&setting.ctx, import::handle, request.build()).await.json()
}

fn gap() -> Value {
    json!({"vendor": "liberty", "start": "2026-02-22", "end": "2026-03-07", "reason": "their system failed"})
}

#[tokio::test]
async fn a_gap_is_stated_listed_and_forgotten() {
    let setting = setting().await;
    let created = setting.create(&gap()).await;
    assert_eq!(created.status, 201, "{}", created.json());
    insta::assert_json_snapshot!(created.json(), {
        ".id" => "[id]", ".created_by" => "[user]", ".created_at" => "[time]"
    });
    let open_end = json!({"vendor": "boxnox", "start": "2026-03-01", "reason": "closed"});
    assert_eq!(setting.create(&open_end).await.json()["end"], Value::Null);

    let first = setting.list(&setting.owner, "?limit=1").await;
    assert_eq!(first["data"][0]["vendor"], "boxnox");
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = setting.list(&setting.owner, &format!("?limit=1&cursor={cursor}")).await;
    assert_eq!((&second["data"][0]["id"], &second["next_cursor"]), (&created.json()["id"], &Value::Null));
    assert_eq!(setting.list(&setting.owner, "?vendor=liberty").await["data"].as_array().unwrap().len(), 1);

    assert_eq!(setting.delete(&setting.owner, &created.json()["id"]).await.status, 204);
    assert_eq!(setting.delete(&setting.owner, &created.json()["id"]).await.status, 404);
}

#[tokio::test]
async fn the_same_days_are_stated_once_and_a_request_sent_twice_has_one_answer() {
    let setting = setting().await;
    let keyed = || {
        let request = RequestBuilder::new("POST", "/v1/known-gaps").principal(&setting.owner);
        request.header("Idempotency-Key", "k1").json(&gap()).build()
    };
    let first = answer(&setting.ctx, create::handle, keyed()).await;
    let second = answer(&setting.ctx, create::handle, keyed()).await;
    assert_eq!((first.status, first.json()), (second.status, second.json()));
    let again = setting.create(&gap()).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("known_gap_exists")));
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let setting = setting().await;
    let with = |field: &str, value: Value| {
        let mut body = gap();
        body[field] = value;
        body
    };
    for (body, field) in [
        (with("vendor", json!(" ")), "/vendor"),
        (with("reason", json!("x".repeat(1_001))), "/reason"),
        (with("reason", json!("a\u{0}b")), "/reason"),
        (with("end", json!("2026-02-21")), "/end"),
        (with("end", json!("2026-02-30")), "/end"),
        (with("org_id", json!("x")), "/org_id"),
    ] {
        let response = setting.create(&body).await;
        assert_eq!(
            (response.status, &response.json()["fields"][0]["pointer"]),
            (422, &json!(field)),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_viewer_states_nothing_and_another_organisation_finds_nothing() {
    let setting = setting().await;
    let created = setting.create(&gap()).await.json();
    let stranger = owner(&setting.database, "other").await;
    assert_eq!(setting.list(&stranger, "").await["data"], json!([]));
    assert_eq!(setting.delete(&stranger, &created["id"]).await.status, 404);
    let viewer = setting.database.principal(setting.owner.org_id, "viewer").await;
    assert_eq!(setting.delete(&viewer, &created["id"]).await.status, 403);
    assert_eq!(setting.list(&viewer, "").await["data"][0]["id"], created["id"]);
}

#[tokio::test]
async fn the_example_events_are_answered() {
    let setting = setting().await;
    let request = |name: &str| Request::from_event(&event(name).to_string()).unwrap();
    // They come from an organisation that is not in this database.
    assert_eq!(answer(&setting.ctx, list::handle, request("known-gaps-list/of-a-vendor")).await.status, 200);
    assert_eq!(answer(&setting.ctx, delete::handle, request("known-gaps-delete/by-id")).await.status, 404);
    let body = request("known-gaps-create/two-weeks");
    let body: Value = serde_json::from_slice(body.body()).unwrap();
    assert_eq!(setting.create(&body).await.status, 201);
    assert_eq!(answer(&setting.ctx, update::handle, request("known-gaps-update/longer")).await.status, 404);
    let file = request("known-gaps-import/two-gaps");
    let taken = take(&setting, std::str::from_utf8(file.body()).unwrap()).await;
    assert_eq!(
        (&taken["created"], &taken["rejected_total"]),
        (&json!(1), &json!(0)),
        "one of two is known: {taken}"
    );
}

#[tokio::test]
async fn a_gap_is_changed_under_the_version_that_was_seen() {
    let setting = setting().await;
    let id = setting.create(&gap()).await.json()["id"].clone();
    let changed = change(&setting, &id, 1, &json!({"end": null, "reason": " longer than thought "})).await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    let changed = changed.json();
    assert_eq!(
        (&changed["start"], &changed["end"], &changed["reason"]),
        (&json!("2026-02-22"), &Value::Null, &json!("longer than thought"))
    );
    assert_eq!(change(&setting, &id, 1, &json!({"reason": "x"})).await.status, 412);
    let early = change(&setting, &id, 2, &json!({"end": "2026-02-21"})).await;
    assert_eq!((early.status, &early.json()["fields"][0]["pointer"]), (422, &json!("/end")));
    let other = setting.create(&gap()).await.json()["id"].clone();
    let same = change(&setting, &other, 1, &json!({"end": null})).await;
    assert_eq!((same.status, &same.json()["code"]), (409, &json!("known_gap_exists")));
    let nobody = json!("01994d2e-0000-7000-8000-0000000000f2");
    assert_eq!(change(&setting, &nobody, 1, &json!({"reason": "x"})).await.status, 404);
}

#[tokio::test]
async fn a_file_of_gaps_is_taken_row_by_row() {
    let setting = setting().await;
    setting.create(&gap()).await;
    let file = "vendor,start,end,reason\nliberty,2026-02-22,2026-03-07,flood\nboxnox,2026-03-01,,closed\n\
        boxnox,2026-03-01,2026-02-01,closed\nboxnox,2026-03-01,,again\nboxnox,2026-04-01,,\n";
    let taken = take(&setting, file).await;
    assert_eq!(
        (&taken["created"], &taken["updated"], &taken["rejected_total"]),
        (&json!(1), &json!(1), &json!(3))
    );
    let codes: Vec<_> = taken["rejected"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(json!(codes), json!(["date_invalid", "duplicate", "required"]));
    let again = take(&setting, "vendor,start,end,reason\nboxnox,2026-03-01,,closed\n").await;
    assert_eq!(again["unchanged"], 1);
    let known = setting.list(&setting.owner, "?vendor=liberty").await;
    assert_eq!((&known["data"][0]["reason"], &known["data"][0]["version"]), (&json!("flood"), &json!(2)));
}
