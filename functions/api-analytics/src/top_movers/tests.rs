use serde_json::json;

use super::handle;
use crate::books::Books;

#[tokio::test]
async fn rises_and_falls_are_apart_and_what_did_not_move_is_in_neither() {
    let books = Books::new().await;
    let path = "/v1/analytics/top-movers?from=2026-02-01&to=2026-02-28&by=store";
    let body = books.ask(handle, "viewer", path).await.json();
    let steps = |side: &str| -> Vec<_> {
        body[side]
            .as_array()
            .unwrap()
            .iter()
            .map(|group| (group["store"].clone(), group["change"]["revenue_eur"]["absolute"].clone()))
            .collect()
    };
    // Nobody knows what Online's amounts are in euro, so whether it moved is not known.
    assert_eq!(json!(steps("up")), json!([[null, "300.00"], ["Berlin", "100.00"]]));
    assert_eq!(json!(steps("down")), json!([["Warsaw", "-250.00"]]));
}
