use data::{DatabaseSettings, Reader, WallKey};
use edge::{
    Principal,
    http::{RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase};

use crate::{Context, run};

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    ctx: Context,
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
        for (org, sku) in [(seeded.org, "AVMM100"), (rival.org, "RIVAL")] {
            sqlx::query(
                "INSERT INTO products (org_id, ean, sku, kind, active) VALUES ($1, '9529843000349', $2, 'regular', true)",
            )
            .bind(org.0)
            .bind(sku)
            .execute(database.admin())
            .await
            .unwrap();
        }
        let wall_key = WallKey::from_hex(testkit::WALL_KEY).unwrap();
        let settings = DatabaseSettings { url: database.reader_url(), wall_key };
        let ctx = Context { database: database.app().clone(), reader: Reader::connect(&settings).unwrap() };
        Self { database, seeded, ctx }
    }

    async fn run_by(&self, caller: &Principal, body: Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/sql").principal(caller).json(&body).build();
        answer(&self.ctx, run::handle, request).await
    }

    async fn run(&self, sql: &str) -> Response {
        let viewer = self.database.principal(self.seeded.org, "viewer").await;
        self.run_by(&viewer, json!({ "sql": sql })).await
    }

    async fn trail(&self) -> Vec<(String, String, String)> {
        sqlx::query_as(
            "SELECT outcome, details ->> 'sql', details ->> 'verdict' FROM audit_events WHERE action = 'sql_run' ORDER BY seq",
        )
        .fetch_all(self.database.admin())
        .await
        .unwrap()
    }
}

#[tokio::test]
async fn a_statement_is_answered_with_the_rows_of_the_caller_and_written_down() {
    let setting = Setting::new().await;
    let given = "select SKU, count(*) as n from products /* all */ group by 1";
    let response = setting.run(given).await;
    assert_eq!(response.status, 200, "{response:?}");
    let body = response.json();
    assert_eq!(body["columns"], json!([{"name": "sku", "type": "text"}, {"name": "n", "type": "integer"}]));
    assert_eq!(body["rows"], json!([["AVMM100", 1]]));
    assert_eq!(body["truncated"], json!(false));
    let key = format!("tenant_id = '{}'::uuid", setting.seeded.org.0);
    assert!(body["sql"].as_str().unwrap().contains(&key), "{body}");
    assert_eq!(setting.trail().await, [("allowed".to_owned(), given.to_owned(), "answered".to_owned())]);
}

#[tokio::test]
async fn what_is_refused_says_why_and_is_written_down_too() {
    let setting = Setting::new().await;
    for (sql, code) in [
        ("SELECT password_hash FROM users", "sql_relation_unknown"),
        ("DELETE FROM products", "sql_not_a_select"),
        ("SELECT sku::int FROM products", "sql_value"),
        ("SELECT payment_fee FROM ecommerce_orders", "sql_costs_not_allowed"),
    ] {
        let response = setting.run(sql).await;
        assert_eq!((response.status, response.json()["code"].as_str()), (422, Some(code)), "{response:?}");
        assert!(!response.json().to_string().contains("AVMM100"), "{response:?}");
    }
    let verdicts: Vec<_> =
        setting.trail().await.into_iter().map(|(outcome, _, verdict)| (outcome, verdict)).collect();
    assert_eq!(verdicts.len(), 4);
    assert!(verdicts.contains(&("failed".to_owned(), "sql_relation_unknown".to_owned())), "{verdicts:?}");
}

#[tokio::test]
async fn rows_end_at_the_limit_and_rights_are_asked() {
    let setting = Setting::new().await;
    let analyst = setting.database.principal(setting.seeded.org, "analyst").await;
    let many = "SELECT g FROM generate_series(1, 9) g";
    let cut = setting.run_by(&analyst, json!({ "sql": many, "limit": 2 })).await.json();
    assert_eq!((cut["rows"].as_array().unwrap().len(), &cut["truncated"]), (2, &json!(true)));
    for limit in [0, 10_001] {
        assert_eq!(setting.run_by(&analyst, json!({ "sql": many, "limit": limit })).await.status, 422);
    }
    let costs =
        setting.run_by(&analyst, json!({ "sql": "SELECT sum(payment_fee) FROM ecommerce_orders" })).await;
    assert_eq!(costs.status, 200, "an analyst reads costs");
    let nobody = Principal { permissions: Vec::new(), ..analyst };
    assert_eq!(setting.run_by(&nobody, json!({ "sql": many })).await.status, 403);
}

#[tokio::test]
async fn the_recorded_event_is_answered() {
    let setting = Setting::new().await;
    let event = testkit::event("sql-run/totals");
    let body: Value = serde_json::from_str(event["body"].as_str().unwrap()).unwrap();
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    let response = setting.run_by(&viewer, body).await;
    assert_eq!((response.status, &response.json()["rows"]), (200, &json!([])), "{response:?}");
}
