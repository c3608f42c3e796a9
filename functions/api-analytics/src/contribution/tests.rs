use serde_json::{Value, json};

use super::handle;
use crate::books::Books;

async fn ask(books: &Books, query: &str) -> (u16, Value) {
    let response = books
        .ask(handle, "viewer", &format!("/v1/analytics/contribution?from=2026-02-01&to=2026-02-28{query}"))
        .await;
    (response.status, response.json())
}

#[tokio::test]
async fn the_parts_of_a_change_add_up_to_it() {
    let books = Books::new().await;
    let (status, body) = ask(&books, "").await;
    assert_eq!(status, 200);
    assert_eq!(body["change"]["revenue_eur"]["absolute"], "150.00");
    // 8 pieces with an amount against 6, at 105 euro each; the rest is price and mix.
    assert_eq!(body["effects"], json!({ "volume_eur": "210.00", "price_and_mix_eur": "-60.00" }));
    for breakdown in body["by"].as_array().unwrap() {
        let steps = breakdown["data"].as_array().unwrap().iter();
        let sum: f64 = steps
            .map(|group| group["change"]["revenue_eur"]["absolute"].as_str().unwrap().parse::<f64>().unwrap())
            .sum();
        assert!((sum - 150.0).abs() < 0.001, "{}: {sum}", breakdown["dimension"]);
    }
}

#[tokio::test]
async fn a_metric_without_parts_is_not_explained() {
    let books = Books::new().await;
    for query in ["&metric=average_price_eur", "&metric=orders", "&metric=revenue_eur,units"] {
        let (status, body) = ask(&books, query).await;
        assert_eq!((status, &body["fields"][0]["pointer"]), (400, &json!("metric")), "{query}");
    }
}
