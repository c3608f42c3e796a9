use edge::http::{RequestBuilder, Response, answer};
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase};

use super::*;

const ROWS: &str = "WITH file AS (
        INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
        VALUES ('0198f5a0-0000-7000-8000-000000000001', $1, 'a.xlsx', 1, 'api', 'k', now()) RETURNING org_id, id)
    INSERT INTO sellout_entries (id, org_id, upload_id, vendor, cut, period_start, period_end, store, store_kind,
        product_ean, vendor_product_code, product_name, quantity, amount_local, currency, vat_included, amount_eur,
        line_class, source_sheet, source_row, source_column, key_hash, content_hash, active)
    SELECT ('0198f5a0-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, org_id, id, 'liberty', cut, '2026-01-04',
        '2026-01-10', 'Flagship', 'physical', '9529843000868', '000870038', 'Candle', n, 570.5, 'GBP', true, 671.908925,
        class, 'Sales By Size', 6, 'M', '', '', active
    FROM file, (VALUES (1, 'main', 'sale', true), (2, 'main', 'return', true), (3, 'main', 'sale', false),
        (4, 'store', 'sale', true), (5, 'main', 'sale', true)) AS r (n, cut, class, active)";

async fn seeded(database: &TestDatabase) -> Seeded {
    let seeded = database.seed("aveline").await;
    sqlx::query(ROWS).bind(seeded.org.0).execute(database.admin()).await.unwrap();
    seeded
}

async fn list(database: &TestDatabase, seeded: &Seeded, query: &str) -> Response {
    let principal = database.principal(seeded.org, "viewer").await;
    let request = RequestBuilder::new("GET", &format!("/v1/sales{query}")).principal(&principal).build();
    answer(&Context::new(database.app().clone()), handle, request).await
}

fn quantities(body: &Value) -> Vec<&str> {
    body["data"].as_array().unwrap().iter().map(|row| row["quantity"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn rows_have_the_shape_of_the_contract() {
    let database = TestDatabase::new().await;
    let seeded = seeded(&database).await;
    let body = list(&database, &seeded, "?limit=1").await.json();
    insta::assert_json_snapshot!(body["data"][0]);
}

#[tokio::test]
async fn only_rows_that_count_are_listed_page_by_page() {
    let database = TestDatabase::new().await;
    let seeded = seeded(&database).await;
    let first = list(&database, &seeded, "?limit=2").await.json();
    assert_eq!(quantities(&first), ["1", "2"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = list(&database, &seeded, &format!("?limit=2&cursor={cursor}")).await.json();
    assert_eq!((quantities(&second), &second["next_cursor"]), (vec!["5"], &json!(null)));
}

#[tokio::test]
async fn every_filter_narrows() {
    let database = TestDatabase::new().await;
    let seeded = seeded(&database).await;
    for (query, expected) in [
        ("?upload_id=0198f5a0-0000-7000-8000-000000000001", 3),
        ("?upload_id=0198f5a0-0000-7000-8000-000000000002", 0),
        ("?vendor=liberty&store=Flagship&product=9529843000868&channel=retail", 3),
        ("?channel=offline", 3),
        ("?channel=online", 0),
        ("?line_class=return", 1),
        ("?from=2026-01-10&to=2026-01-10", 3),
        ("?to=2026-01-09", 0),
        ("?vendor='%20OR%201=1--", 0),
    ] {
        let response = list(&database, &seeded, query).await;
        assert_eq!((response.status, quantities(&response.json()).len()), (200, expected), "{query}");
    }
}

#[tokio::test]
async fn nobody_sees_the_rows_of_another_organisation() {
    let database = TestDatabase::new().await;
    seeded(&database).await;
    let stranger = database.seed("stranger").await;
    for query in ["", "?upload_id=0198f5a0-0000-7000-8000-000000000001"] {
        assert_eq!(list(&database, &stranger, query).await.json()["data"], json!([]), "{query}");
    }
}

#[tokio::test]
async fn a_parameter_at_fault_is_named() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    for (query, field) in [
        ("?limit=101", "limit"),
        ("?cursor=abc", "cursor"),
        ("?line_class=stolen", "line_class"),
        ("?upload_id=1", "upload_id"),
        ("?colour=red", "colour"),
    ] {
        let response = list(&database, &seeded, query).await;
        assert_eq!(
            (response.status, &response.json()["fields"][0]["pointer"]),
            (400, &json!(field)),
            "{query}"
        );
    }
}
