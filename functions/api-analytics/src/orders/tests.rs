use serde_json::{Value, json};

use super::handle;
use crate::books::Books;

async fn body(books: &Books, role: &str, query: &str) -> Value {
    let response = books.ask(handle, role, &format!("/v1/orders{query}")).await;
    assert_eq!(response.status, 200, "{query}");
    response.json()
}

#[tokio::test]
async fn an_order_has_all_its_lines_and_costs_only_for_who_may_see_them() {
    let books = Books::new().await;
    let all = body(&books, "analyst", "").await;
    let orders = all["data"].as_array().unwrap();
    let shown: Vec<_> = orders
        .iter()
        .map(|order| {
            (
                &order["order_id"],
                &order["revenue_eur"],
                &order["units"],
                order["lines"].as_array().unwrap().len(),
            )
        })
        .collect();
    assert_eq!(json!(shown), json!([["o1", "100.00", "1", 3], ["o2", "200.00", "2", 1]]));
    assert_eq!(
        (&orders[0]["lines"][0]["cost_of_goods"], &orders[0]["lines"][1]["cost_of_goods"]),
        (&json!("40.00"), &json!(null))
    );
    let viewer = body(&books, "viewer", "").await;
    assert_eq!(viewer["data"][0]["lines"][0]["cost_of_goods"], json!(null));
    assert_eq!(viewer["data"][0]["lines"][0]["amount_eur"], "100.00");
}

#[tokio::test]
async fn pages_and_filters_are_about_orders() {
    let books = Books::new().await;
    let first = body(&books, "viewer", "?limit=1").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = body(&books, "viewer", &format!("?limit=1&cursor={cursor}")).await;
    assert_eq!((&second["data"][0]["order_id"], &second["next_cursor"]), (&json!("o2"), &json!(null)));
    for (query, orders) in [
        ("?utm_source=google", json!(["o1"])),
        ("?from=2026-02-20&to=2026-02-20", json!(["o2"])),
        // A line of it was returned then; it is shown whole.
        ("?from=2026-02-25", json!(["o1"])),
        ("?product=9529843000356", json!(["o1"])),
        ("?order_id=o2", json!(["o2"])),
        ("?vendor=liberty", json!([])),
        ("?country=DE", json!(["o1", "o2"])),
    ] {
        let body = body(&books, "viewer", query).await;
        let ids: Vec<_> =
            body["data"].as_array().unwrap().iter().map(|order| order["order_id"].clone()).collect();
        assert_eq!(json!(ids), orders, "{query}");
    }
}
