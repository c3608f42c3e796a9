use cloud::{MemoryQueue, ObjectStore, Queue};
use data::exports::Selection;
use domain::{ExportRequested, metrics::Order};
use edge::{
    Principal,
    http::{RequestBuilder, Response, answer},
};
use serde_json::json;

use super::*;
use crate::books::Books;

struct Setting {
    books: Books,
    ctx: Context,
    woken: MemoryQueue,
}

impl Setting {
    async fn new() -> Self {
        let (books, woken) = (Books::new().await, MemoryQueue::default());
        let ctx = Context {
            database: books.database.app().clone(),
            files: ObjectStore::memory(),
            queue: Queue::Memory(woken.clone()),
        };
        Self { books, ctx, woken }
    }

    async fn create(&self, who: &Principal, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/exports").principal(who).json(body);
        answer(&self.ctx, create::handle, request.build()).await
    }

    async fn get(&self, who: &Principal, id: &Value) -> Response {
        let id = id.as_str().unwrap();
        let request = RequestBuilder::new("GET", "/v1/exports/{id}").path("id", id).principal(who);
        answer(&self.ctx, get::handle, request.build()).await
    }

    /// What the job does.
    async fn finish(&self, who: &Principal, id: &Value) {
        let id: ExportId = id.as_str().unwrap().parse().unwrap();
        let mut tenant = self.ctx.database.tenant(who).await.unwrap();
        let sight = data::exports::sight(&mut tenant).await.unwrap();
        drop(tenant);
        let mut tenant = self.ctx.database.system(who.org_id).await.unwrap();
        data::exports::claim(&mut tenant, id).await.unwrap();
        let week = std::time::Duration::from_secs(604_800);
        assert!(data::exports::mark_ready(&mut tenant, id, (7, 700), &sight.mark, week).await.unwrap());
        tenant.commit().await.unwrap();
    }

    async fn actions(&self) -> Vec<String> {
        let actions = "SELECT action FROM audit_events WHERE action LIKE 'export%' ORDER BY seq";
        sqlx::query_scalar(actions).fetch_all(self.books.database.admin()).await.unwrap()
    }
}

#[tokio::test]
async fn an_export_is_ordered_followed_and_downloaded() {
    let setting = Setting::new().await;
    let viewer = setting.books.database.principal(setting.books.seeded.org, "viewer").await;
    let asked =
        json!({"source": "sales", "query": {"vendor": "boxnox", "from": "2026-01-01"}, "format": "xlsx"});
    let ordered = setting.create(&viewer, &asked).await;
    assert_eq!(ordered.status, 202, "{:?}", ordered.json());
    let body = ordered.json();
    assert_eq!(
        (&body["status"], &body["query"], &body["format"]),
        (&json!("queued"), &asked["query"], &json!("xlsx"))
    );
    assert_eq!(body["progress"], json!({"rows_done": 0, "rows_total": null}));
    let woken: Vec<ExportRequested> = setting.woken.drain().unwrap();
    assert_eq!(json!(woken[0].export_id), body["id"]);
    assert_eq!(setting.get(&viewer, &body["id"]).await.json()["url"], Value::Null);

    setting.finish(&viewer, &body["id"]).await;
    let ready = setting.get(&viewer, &body["id"]).await.json();
    assert_eq!(
        (&ready["status"], &ready["rows"], &ready["size_bytes"]),
        (&json!("ready"), &json!(7), &json!(700))
    );
    assert!(ready["url"].as_str().unwrap().contains(body["id"].as_str().unwrap()));
    assert_eq!(setting.actions().await, ["export_requested", "export_downloaded"]);
    let list = RequestBuilder::new("GET", "/v1/exports").principal(&viewer).build();
    let list = answer(setting.books.context, list::handle, list).await.json();
    assert_eq!(list["data"][0]["id"], body["id"]);
}

#[tokio::test]
async fn the_same_order_with_a_key_is_one_order() {
    let setting = Setting::new().await;
    let owner = setting.books.seeded.principal();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let request =
            RequestBuilder::new("POST", "/v1/exports").principal(&owner).header("idempotency-key", "k");
        let request = request.json(&json!({"source": "products", "format": "csv", "locale": "de"})).build();
        let reply = answer(&setting.ctx, create::handle, request).await;
        assert_eq!(reply.status, 202);
        ids.push(reply.json()["id"].clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(setting.woken.drain::<ExportRequested>().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_at_fault_is_named_and_what_is_not_ones_own_is_refused() {
    let setting = Setting::new().await;
    let viewer = setting.books.database.principal(setting.books.seeded.org, "viewer").await;
    for (body, pointer) in [
        (json!({"source": "sales", "query": {"limit": 5}, "format": "csv"}), "/query/limit"),
        (json!({"source": "sales", "query": {"from": "yesterday"}, "format": "csv"}), "/query/from"),
        (json!({"source": "sales", "query": {"store": "a\u{0}"}, "format": "csv"}), "/query/store"),
        (json!({"source": "sales", "query": {"store": {"a": 1}}, "format": "csv"}), "/query/store"),
        (json!({"source": "users", "format": "csv"}), "/source"),
        (json!({"source": "sales", "format": "pdf"}), "/format"),
        (json!({"source": "sales", "format": "xlsx", "locale": "de"}), "/locale"),
        (
            json!({"source": "analytics/breakdown", "query": {"metric": "units"}, "format": "csv"}),
            "/query/by",
        ),
        (
            json!({"source": "analytics/series", "query": {"interval": "hour"}, "format": "csv"}),
            "/query/interval",
        ),
    ] {
        let refused = setting.create(&viewer, &body).await;
        assert_eq!(refused.status, 422, "{body}");
        assert_eq!(refused.json()["fields"][0]["pointer"], pointer, "{body}");
    }
    let costs = json!({"source": "analytics/breakdown", "query": {"by": "vendor", "metric": "margin"}, "format": "csv"});
    assert_eq!(setting.create(&viewer, &costs).await.status, 403);
    let own = setting.create(&viewer, &json!({"source": "sales", "format": "csv"})).await.json();
    assert_eq!(setting.get(&setting.books.seeded.principal(), &own["id"]).await.status, 404);
}

#[tokio::test]
async fn a_file_made_under_other_rights_is_kept_back() {
    let setting = Setting::new().await;
    let org = setting.books.seeded.org;
    let viewer = setting.books.database.principal(org, "viewer").await;
    let id = setting.create(&viewer, &json!({"source": "sales", "format": "csv"})).await.json()["id"].clone();
    setting.finish(&viewer, &id).await;
    let rule = "INSERT INTO policies (org_id, name, user_id, vendors) VALUES ($1, 'p', $2, '{liberty}')";
    sqlx::query(rule)
        .bind(org.0)
        .bind(viewer.user_id.0)
        .execute(setting.books.database.admin())
        .await
        .unwrap();
    let answered = setting.get(&viewer, &id).await.json();
    assert_eq!((&answered["url"], &answered["error"]["code"]), (&Value::Null, &json!("rights_changed")));
}

#[tokio::test]
async fn nobody_fills_the_queue() {
    let setting = Setting::new().await;
    let owner = setting.books.seeded.principal();
    for _ in 0..data::exports::OPEN_MAX {
        assert_eq!(setting.create(&owner, &json!({"source": "sales", "format": "csv"})).await.status, 202);
    }
    let refused = setting.create(&owner, &json!({"source": "sales", "format": "csv"})).await;
    assert_eq!((refused.status, refused.json()["code"].clone()), (409, json!("too_many_exports")));
}

#[tokio::test]
async fn analyses_are_understood_as_their_routes_understand_them() {
    let owner = Books::new().await.seeded.principal();
    let query = json!({"by": "vendor,month", "metric": ["units", "orders"], "sort": "-units", "vendor": ["a", null], "not_country": "DE"});
    let read = selection::read(selection::Source::Breakdown, query.as_object().unwrap(), &owner).unwrap();
    let Selection::Analysis(analysis) = read else { panic!("{read:?}") };
    assert_eq!((analysis.by.len(), analysis.metrics.len(), analysis.filters.len()), (2, 2, 2));
    assert_eq!(analysis.order, Order::Highest(domain::metrics::Metric::Units));
    assert_eq!(analysis.filters[0].values.len() + analysis.filters[1].values.len(), 3);
}

#[tokio::test]
async fn a_short_list_is_answered_as_a_file() {
    let books = Books::new().await;
    let file = async |handle: &str, path: &str| match handle {
        "sales" => books.ask(crate::sales::handle, "viewer", path).await,
        "orders" => books.ask(crate::orders::handle, "viewer", path).await,
        "series" => books.ask(crate::series::handle, "viewer", path).await,
        _ => books.ask(crate::breakdown::handle, "viewer", path).await,
    };
    let text = |reply: &Response| String::from_utf8(reply.body().to_vec()).unwrap();
    let sales = file("sales", "/v1/sales?vendor=boxnox&format=csv&limit=1").await;
    assert_eq!(sales.status, 200);
    assert_eq!(sales.header("content-disposition"), Some("attachment; filename=\"sales.csv\""));
    assert_eq!(text(&sales).lines().count(), 1 + 5, "all of them, whatever the page");
    let orders = text(&file("orders", "/v1/orders?order_id=o1&format=jsonl").await);
    assert_eq!(orders.lines().count(), 3);
    assert!(!orders.contains("cost_of_goods"), "a viewer sees no costs");
    let groups =
        text(&file("breakdown", "/v1/analytics/breakdown?by=vendor&sort=-units&format=csv&locale=de").await);
    assert_eq!(groups.lines().next(), Some("\u{feff}vendor;vendor_name;revenue_eur;units"));
    assert_eq!(groups.lines().nth(1), Some("boxnox;Boxnox;1100,00;13"));
    let series = text(&file("series", "/v1/analytics/series?interval=year&vendor=boxnox&format=csv").await);
    assert_eq!(series, "\u{feff}year,revenue_eur,units\n2025-01-01,450.00,5\n2026-01-01,650.00,8\n");
    assert!(file("sales", "/v1/sales?format=xlsx").await.body().starts_with(b"PK"));
    for (path, status, code) in [
        ("/v1/sales?format=parquet", 422, "export_needed"),
        ("/v1/sales?format=pdf", 400, "invalid_query"),
        ("/v1/sales?format=xlsx&locale=de", 400, "invalid_query"),
    ] {
        let refused = file("sales", path).await;
        assert_eq!((refused.status, refused.json()["code"].clone()), (status, json!(code)), "{path}");
    }
    let needless = file("breakdown", "/v1/analytics/breakdown?by=vendor&format=csv&limit=5").await;
    assert_eq!(needless.status, 400, "a file has no pages");
}
