use cloud::{MemoryQueue, ObjectStore, Queue};
use data::reports;
use domain::ReportRequested;
use edge::{
    DatabaseContext, Principal,
    http::{RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase};

use super::*;
use crate::Context;

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
    woken: MemoryQueue,
}

fn order() -> Value {
    json!({"kind": "sales_summary", "format": "pdf", "from": "2026-01-01", "to": "2026-01-31"})
}

fn with(changes: &Value) -> Value {
    let mut order = order();
    order.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    order
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let woken = MemoryQueue::default();
        let ctx = Context {
            database: database.app().clone(),
            files: ObjectStore::memory(),
            queue: Queue::Memory(woken.clone()),
        };
        Self { database, seeded, ctx, woken }
    }

    async fn create(&self, who: &Principal, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/reports").principal(who).json(body);
        answer(&self.ctx, create::handle, request.build()).await
    }

    async fn get(&self, who: &Principal, id: &Value) -> Response {
        let id = id.as_str().unwrap();
        let request = RequestBuilder::new("GET", "/v1/reports/{id}").path("id", id).principal(who);
        answer(&self.ctx, get::handle, request.build()).await
    }

    async fn list(&self, who: &Principal) -> Value {
        let ctx: &'static DatabaseContext =
            Box::leak(Box::new(DatabaseContext { database: self.database.app().clone() }));
        let request = RequestBuilder::new("GET", "/v1/reports").principal(who).build();
        answer(ctx, list::handle, request).await.json()
    }

    /// What the job does.
    async fn finish(&self, who: &Principal, id: &Value) {
        let id: ReportId = id.as_str().unwrap().parse().unwrap();
        let sight = data::exports::sight(&mut self.ctx.database.tenant(who).await.unwrap()).await.unwrap();
        let mut tenant = self.ctx.database.system(who.org_id).await.unwrap();
        reports::claim(&mut tenant, id).await.unwrap();
        let made = reports::Made {
            size_bytes: 700,
            sight: sight.mark,
            figures: reports::Figures::new(),
            data_version: 1,
        };
        let month = std::time::Duration::from_secs(2_592_000);
        assert!(reports::mark_ready(&mut tenant, id, &made, month).await.unwrap());
        tenant.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_report_is_ordered_followed_and_fetched() {
    let setting = Setting::new().await;
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    let ordered = setting
        .create(&viewer, &with(&json!({"filters": {"vendor": "boxnox", "not_country": ["DE", null]}})))
        .await;
    assert_eq!(ordered.status, 202, "{:?}", ordered.json());
    let body = ordered.json();
    assert_eq!((&body["status"], &body["progress"]), (&json!("queued"), &json!(0)));
    assert_eq!(body["filters"], json!({"vendor": ["boxnox"], "not_country": ["DE", null]}));
    let woken: Vec<ReportRequested> = setting.woken.drain().unwrap();
    assert_eq!((woken.len(), json!(woken[0].report_id)), (1, body["id"].clone()));
    assert_eq!(setting.get(&viewer, &body["id"]).await.json()["url"], Value::Null);
    setting.finish(&viewer, &body["id"]).await;
    let ready = setting.get(&viewer, &body["id"]).await.json();
    assert_eq!(
        (&ready["status"], &ready["size_bytes"], &ready["error"]),
        (&json!("ready"), &json!(700), &Value::Null)
    );
    assert!(ready["url"].as_str().unwrap().contains(body["id"].as_str().unwrap()));
    assert!(ready["expires_at"].is_string());
    assert_eq!(setting.list(&viewer).await["data"][0]["id"], body["id"]);
    let rule = "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ($1, 'p', $2, '{liberty}')";
    sqlx::query(rule)
        .bind(viewer.org_id.0)
        .bind(viewer.user_id.0)
        .execute(setting.database.admin())
        .await
        .unwrap();
    let kept_back = setting.get(&viewer, &body["id"]).await.json();
    assert_eq!((&kept_back["url"], &kept_back["error"]["code"]), (&Value::Null, &json!("rights_changed")));
}

#[tokio::test]
async fn nobody_sees_the_report_of_somebody_else() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let stranger = setting.database.seed("stranger").await.principal();
    let admin = setting.database.principal(setting.seeded.org, "admin").await;
    let id = setting.create(&owner, &order()).await.json()["id"].clone();
    for other in [&stranger, &admin] {
        assert_eq!(setting.get(other, &id).await.status, 404);
        assert_eq!(setting.list(other).await["data"], json!([]));
    }
}

#[tokio::test]
async fn recipients_with_a_login_get_a_report_of_their_own() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    let recipients = json!({"recipients": [format!(" {} ", viewer.email.to_uppercase()), "buyer@liberty.example", owner.email]});
    let ordered = setting.create(&owner, &with(&recipients)).await;
    assert_eq!(ordered.status, 202, "{:?}", ordered.json());
    assert_eq!(ordered.json()["recipients"], json!(["buyer@liberty.example", owner.email]));
    assert_eq!(setting.woken.drain::<ReportRequested>().unwrap().len(), 2);
    let theirs = setting.list(&viewer).await;
    assert_eq!(
        (theirs["data"].as_array().unwrap().len(), &theirs["data"][0]["recipients"]),
        (1, &json!([viewer.email]))
    );
    let sent = setting.create(&viewer, &with(&json!({"recipients": ["buyer@liberty.example"]}))).await;
    assert_eq!(sent.status, 403, "a viewer sends nothing");
}

#[tokio::test]
async fn the_same_order_with_a_key_is_one_order() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let request =
            RequestBuilder::new("POST", "/v1/reports").principal(&owner).header("idempotency-key", "k");
        let reply = answer(&setting.ctx, create::handle, request.json(&order()).build()).await;
        assert_eq!(reply.status, 202);
        ids.push(reply.json()["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(setting.woken.drain::<ReportRequested>().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_at_fault_is_named() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    for (changes, pointer, code) in [
        (json!({"to": "2025-12-31"}), "/to", "before_from"),
        (json!({"filters": {"vender": "x"}}), "/filters/vender", "unknown"),
        (json!({"filters": {"currency": "pounds"}}), "/filters/currency", "invalid"),
        (json!({"recipients": ["a@b.example", "no address"]}), "/recipients/1", "invalid_email"),
        (json!({"recipients": ["a@b.example\r\nBcc: x@y.example"]}), "/recipients/0", "invalid_email"),
        (json!({"recipients": ["a@b.example", "A@b.example"]}), "/recipients/1", "duplicate"),
        (json!({"analysis": {"metrics": ["units"]}}), "/analysis", "not_for_kind"),
        (json!({"kind": "custom", "analysis": {"metrics": []}}), "/analysis/metrics", "missing"),
        (json!({"kind": "custom", "analysis": {"metrics": ["units", "units"]}}), "/analysis", "duplicate"),
    ] {
        let refused = setting.create(&owner, &with(&changes)).await;
        assert_eq!(refused.status, 422, "{changes}: {:?}", refused.json());
        let field = &refused.json()["fields"][0];
        assert_eq!((&field["pointer"], &field["code"]), (&json!(pointer), &json!(code)), "{changes}");
    }
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    let costs = with(&json!({"kind": "custom", "analysis": {"metrics": ["margin"], "by": ["vendor"]}}));
    assert_eq!(setting.create(&viewer, &costs).await.status, 403);
    for kind in domain::ReportKind::ALL {
        let made = setting.create(&owner, &with(&json!({"kind": kind}))).await;
        assert_eq!(made.status, 202, "{kind:?}");
    }
    for _ in 0..3 {
        setting.create(&owner, &order()).await;
    }
    let refused = setting.create(&owner, &order()).await;
    assert_eq!((refused.status, refused.json()["code"].clone()), (409, json!("too_many_reports")));
}

#[tokio::test]
async fn a_report_whose_figures_have_changed_is_listed_and_made_again() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let id =
        setting.create(&owner, &with(&json!({"recipients": ["buyer@liberty.example"]}))).await.json()["id"]
            .clone();
    setting.finish(&owner, &id).await;
    let correct = async |who: &Principal| {
        let id = id.as_str().unwrap();
        let request = RequestBuilder::new("POST", "/v1/reports/{id}/correct").path("id", id).principal(who);
        answer(&setting.ctx, correct::handle, request.build()).await
    };
    let refused = correct(&owner).await;
    assert_eq!((refused.status, refused.json()["code"].clone()), (409, json!("report_current")));
    let changed = r#"UPDATE reports SET differences = '[{"vendor": "liberty", "shown": null, "now": null}]'"#;
    sqlx::query(changed).execute(setting.database.admin()).await.unwrap();
    setting.create(&owner, &order()).await;
    setting.woken.drain::<ReportRequested>().unwrap();
    let corrected = correct(&owner).await;
    assert_eq!(corrected.status, 202, "{:?}", corrected.json());
    let corrected = corrected.json();
    assert_eq!(
        (&corrected["corrected_of"], &corrected["recipients"]),
        (&id, &json!(["buyer@liberty.example"]))
    );
    assert_eq!(setting.woken.drain::<ReportRequested>().unwrap().len(), 1);
    let stranger = setting.database.seed("stranger").await.principal();
    assert_eq!(correct(&stranger).await.status, 404);
    let ctx: &'static DatabaseContext =
        Box::leak(Box::new(DatabaseContext { database: setting.database.app().clone() }));
    let request = RequestBuilder::new("GET", "/v1/reports?outdated=true").principal(&owner).build();
    let outdated = answer(ctx, list::handle, request).await.json();
    assert_eq!(outdated["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&outdated["data"][0]["id"], &outdated["data"][0]["differences"][0]["vendor"]),
        (&id, &json!("liberty"))
    );
}
