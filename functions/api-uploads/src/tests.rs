use cloud::{MemoryQueue, ObjectStore, Queue};
use domain::{IngestRequested, OrgId, UploadId};
use edge::{
    Principal,
    http::{Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use testkit::{TestDatabase, event};

use crate::{
    Context, Quotas, answer, approve, changes, create, get, list, original, reject_inbox, rejects, replay,
    retry, undo,
};

mod answers;
mod decisions;
mod differences;
mod reading;

struct Setting {
    db: TestDatabase,
    ctx: Context,
    queue: MemoryQueue,
    owner: Principal,
}

async fn setting() -> Setting {
    let db = TestDatabase::new().await;
    let owner = owner(&db, "acme").await;
    let queue = MemoryQueue::default();
    let ctx = Context {
        db: db.app().clone(),
        inbox: ObjectStore::memory(),
        ingest_queue: Queue::Memory(queue.clone()),
        quotas: Quotas { files: 1_000, bytes: 1 << 40 },
    };
    Setting { db, ctx, queue, owner }
}

async fn owner(db: &TestDatabase, slug: &str) -> Principal {
    let seeded = db.seed(slug).await;
    seeded.principal()
}

/// Runs one of the handlers, which all have this shape.
macro_rules! call {
    ($setting:expr, $route:ident, $request:expr) => {
        answer(&$setting.ctx, $route::handle, $request.build()).await
    };
}
use call;

impl Setting {
    fn get(&self, path: &str) -> RequestBuilder {
        RequestBuilder::new("GET", path).principal(&self.owner)
    }

    fn post(&self, body: Value) -> RequestBuilder {
        RequestBuilder::new("POST", "/v1/uploads").principal(&self.owner).json(&body)
    }

    async fn create(&self, body: Value) -> Response {
        call!(self, create, self.post(body))
    }

    /// An upload as it is right after its announcement.
    async fn announced(&self) -> UploadId {
        let response = self.create(json!({"file_name": "a.csv", "size_bytes": 3})).await;
        assert_eq!(response.status, 201, "{}", response.json());
        serde_json::from_value(response.json()["id"].clone()).unwrap()
    }

    /// An upload with this status and these further assignments, as `file-ingest` would leave it.
    async fn ended(&self, assignments: &'static str) -> UploadId {
        let id = self.announced().await;
        let sql = format!(
            "UPDATE uploads SET finished_at = created_at + interval '2 s', {assignments} WHERE id = $1"
        );
        sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id.0).execute(self.admin()).await.unwrap();
        id
    }

    fn admin(&self) -> &PgPool {
        self.db.admin()
    }
}

fn pointer(response: &Response) -> (u16, String, String) {
    let json = response.json();
    let text = |name: &str| json["fields"][0][name].as_str().unwrap_or_default().to_owned();
    (response.status, text("pointer"), text("code"))
}

#[tokio::test]
async fn an_announcement_answers_with_a_put_for_a_key_of_ids_alone() {
    let setting = setting().await;
    let body =
        json!({"file_name": "../../März\r\n.csv", "size_bytes": 17, "vendor": "liberty", "mode": "validate"});
    let response = setting.create(body).await;
    assert_eq!(response.status, 201);
    let json = response.json();
    let id = json["id"].as_str().unwrap();
    let key = format!("uploads/{}/{id}", setting.owner.org_id);
    assert_eq!(json["upload"]["url"], format!("memory:///{key}"));
    insta::assert_json_snapshot!(json, {
        ".id" => "[id]", ".upload.url" => "[url]", ".upload.expires_at" => "[time]"
    });

    let row = sqlx::query("SELECT file_name, mode, vendor_hint, object_key, created_by FROM uploads")
        .fetch_one(setting.admin())
        .await
        .unwrap();
    assert_eq!(row.get::<&str, _>("file_name"), "März.csv");
    assert_eq!((row.get::<&str, _>("mode"), row.get::<&str, _>("vendor_hint")), ("validate", "liberty"));
    assert_eq!(row.get::<String, _>("object_key"), key);
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let setting = setting().await;
    let cases = [
        (json!({"file_name": "x".repeat(301), "size_bytes": 1}), "/file_name", "too_long"),
        (json!({"file_name": "\u{0}", "size_bytes": 1}), "/file_name", "required"),
        (json!({"file_name": "a", "size_bytes": 0}), "/size_bytes", "too_small"),
        (json!({"file_name": "a", "size_bytes": 524_288_001}), "/size_bytes", "too_large"),
        (json!({"file_name": "a", "size_bytes": -1}), "/size_bytes", "invalid"),
        (json!({"file_name": "a", "size_bytes": 1, "vendor": "Li'; --"}), "/vendor", "invalid"),
        (json!({"file_name": "a", "size_bytes": 1, "mode": "maybe"}), "/mode", "invalid"),
        (json!({"file_name": "a", "size_bytes": 1, "org_id": "x"}), "/org_id", "unknown"),
        (json!({"size_bytes": 1}), "/file_name", "required"),
    ];
    for (body, field, code) in cases {
        let response = setting.create(body.clone()).await;
        assert_eq!(pointer(&response), (422, field.to_owned(), code.to_owned()), "{body}");
    }
    let both = setting.create(json!({"file_name": "x".repeat(301), "size_bytes": 0})).await;
    assert_eq!(both.json()["fields"].as_array().unwrap().len(), 2);
    let largest = setting.create(json!({"file_name": "x".repeat(300), "size_bytes": 104_857_600})).await;
    assert_eq!(largest.status, 201);
}

#[tokio::test]
async fn a_request_sent_twice_under_one_key_announces_one_upload() {
    let setting = setting().await;
    let keyed = |body: Value| setting.post(body).header("Idempotency-Key", "k1");
    let body = json!({"file_name": "a.csv", "size_bytes": 3});
    let first = call!(setting, create, keyed(body.clone()));
    let second = call!(setting, create, keyed(body));
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.json()["id"], second.json()["id"]);
    let other = call!(setting, create, keyed(json!({"file_name": "b.csv", "size_bytes": 3})));
    assert_eq!((other.status, &other.json()["code"]), (422, &json!("idempotency_key_reused")));
    let uploads: i64 =
        sqlx::query_scalar("SELECT count(*) FROM uploads").fetch_one(setting.admin()).await.unwrap();
    assert_eq!(uploads, 1);
}

#[tokio::test]
async fn roles_bound_what_is_done_and_another_organisation_finds_nothing() {
    let setting = setting().await;
    let id = setting.announced().await;
    let viewer = setting.db.principal(setting.owner.org_id, "viewer").await;
    let analyst = setting.db.principal(setting.owner.org_id, "analyst").await;
    let stranger = owner(&setting.db, "other").await;
    let nobody = Principal { org_id: OrgId::new(), ..stranger.clone() };
    let reason = json!({"reason": "fine"});
    let one = |principal: &Principal| {
        RequestBuilder::new("GET", "/v1/uploads/x").principal(principal).path("id", id).json(&reason)
    };

    let body = json!({"file_name": "a", "size_bytes": 1});
    let announce = RequestBuilder::new("POST", "/v1/uploads").principal(&viewer).json(&body);
    assert_eq!(call!(setting, create, announce).status, 403);
    assert_eq!(call!(setting, retry, one(&viewer)).status, 403);
    assert_eq!(call!(setting, replay, one(&viewer)).status, 403);
    assert_eq!(call!(setting, undo, one(&viewer)).status, 403);
    assert_eq!(call!(setting, approve, one(&analyst)).status, 403);
    assert_eq!(call!(setting, get, one(&viewer)).status, 200);

    for principal in [&stranger, &nobody] {
        assert_eq!(call!(setting, get, one(principal)).status, 404);
        assert_eq!(call!(setting, rejects, one(principal)).status, 404);
        assert_eq!(call!(setting, original, one(principal)).status, 404);
        assert_eq!(call!(setting, approve, one(principal)).status, 404);
        assert_eq!(call!(setting, retry, one(principal)).status, 404);
        assert_eq!(call!(setting, replay, one(principal)).status, 404);
        assert_eq!(call!(setting, undo, one(principal)).status, 404);
        let listed = RequestBuilder::new("GET", "/v1/uploads").principal(principal);
        assert_eq!(call!(setting, list, listed).json()["data"], json!([]));
    }
    let anonymous = RequestBuilder::new("GET", "/v1/uploads/x").path("id", id);
    assert_eq!(call!(setting, get, anonymous).status, 401);
}

#[tokio::test]
async fn every_example_event_is_understood() {
    let setting = setting().await;
    // The caller of the events, with an upload under the id that they name.
    sqlx::raw_sql(
        "INSERT INTO organizations (id, slug, name) VALUES ('01994d2e-0000-7000-8000-000000000001', 'aveline', 'A');
         INSERT INTO users (id, org_id, email, password_hash, role) VALUES ('01994d2e-0000-7000-8000-000000000002',
             '01994d2e-0000-7000-8000-000000000001', 'owner@aveline.example', 'none', 'owner');
         INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at) VALUES (
             '01994d2e-0000-7000-8000-0000000000a1', '01994d2e-0000-7000-8000-000000000001', 'a.csv', 3, 'api', 'k', now());",
    )
    .execute(setting.admin())
    .await
    .unwrap();
    macro_rules! status {
        ($route:ident, $event:literal) => {
            answer(&setting.ctx, $route::handle, Request::from_event(&event($event).to_string()).unwrap())
                .await
                .status
        };
    }
    assert_eq!(status!(create, "uploads-create/workbook"), 201);
    assert_eq!(status!(create, "uploads-create/path-as-name"), 201);
    assert_eq!(status!(list, "uploads-list/needs-review"), 200);
    assert_eq!(status!(get, "uploads-get/by-id"), 200);
    assert_eq!(status!(rejects, "uploads-rejects/as-csv"), 200);
    assert_eq!(status!(reject_inbox, "rejects-list/of-a-vendor"), 200);
    // The upload is pending: nothing to decide, repeat, undo or download yet.
    assert_eq!(status!(approve, "uploads-approve/with-reason"), 409);
    assert_eq!(status!(answer, "uploads-answer/remembered"), 409);
    assert_eq!(status!(retry, "uploads-retry/by-id"), 409);
    assert_eq!(status!(replay, "uploads-replay/by-id"), 409);
    assert_eq!(status!(undo, "uploads-undo/by-id"), 409);
    assert_eq!(status!(original, "uploads-original/by-id"), 409);
    assert_eq!(status!(changes, "uploads-changes/changed-lines"), 409);
}

#[tokio::test]
async fn a_day_s_files_and_bytes_are_counted_with_the_uploads_they_are_for() {
    let mut setting = setting().await;
    setting.ctx.quotas = Quotas { files: 3, bytes: 100 };
    let file = |size: u64| json!({"file_name": "a.csv", "size_bytes": size});
    assert_eq!(setting.create(file(90)).await.status, 201);
    for _ in 0..2 {
        let refused = setting.create(file(11)).await;
        assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("quota_exceeded")));
        let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=86_400).contains(&seconds), "{seconds}");
    }
    // What was refused used nothing; a twin uses nothing either.
    let keyed = || setting.post(file(5)).header("idempotency-key", "k");
    for _ in 0..3 {
        assert_eq!(call!(setting, create, keyed()).status, 201);
    }
    assert_eq!(setting.create(file(5)).await.status, 201);
    assert_eq!(setting.create(file(0)).await.status, 422);
    let refused = setting.create(file(0x1)).await;
    assert_eq!(refused.status, 429, "the fourth file");
    assert!(refused.json()["detail"].as_str().unwrap().contains("3 files"), "{}", refused.json());
}

#[tokio::test]
async fn the_request_that_has_a_file_read_is_named_by_its_upload() {
    let setting = setting().await;
    let named = async |id: UploadId| -> Option<String> {
        let sql = "SELECT request_id FROM uploads WHERE id = $1";
        sqlx::query_scalar(sql).bind(id.0).fetch_one(setting.admin()).await.unwrap()
    };
    let announced = call!(
        setting,
        create,
        setting.post(json!({"file_name": "a", "size_bytes": 1})).header("x-request-id", "first:1")
    );
    let id: UploadId = serde_json::from_value(announced.json()["id"].clone()).unwrap();
    assert_eq!(named(id).await.as_deref(), Some("first:1"));
    let held = setting.ended("status = 'needs_review'").await;
    let request = setting.post(json!({"reason": "fine"})).path("id", held).header("x-request-id", "second");
    assert_eq!(call!(setting, approve, request).status, 202);
    assert_eq!(named(held).await.as_deref(), Some("second"));
}
