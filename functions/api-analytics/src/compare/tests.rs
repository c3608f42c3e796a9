use serde_json::{Value, json};

use super::handle;
use crate::books::Books;

async fn ask(books: &Books, query: &str) -> (u16, Value) {
    let response = books.ask(handle, "viewer", &format!("/v1/analytics/compare{query}")).await;
    (response.status, response.json())
}

#[tokio::test]
async fn like_for_like_leaves_out_stores_that_sold_in_one_span_alone_and_says_which() {
    let books = Books::new().await;
    let (status, body) = ask(&books, "?from=2026-02-01&to=2026-02-28&by=vendor&metric=revenue_eur").await;
    assert_eq!(status, 200);
    assert_eq!(
        (&body["now"]["revenue_eur"], &body["before"]["revenue_eur"]),
        (&json!("780.00"), &json!("630.00"))
    );
    assert_eq!(body["change"]["revenue_eur"], json!({ "absolute": "150.00", "percent": "23.81" }));
    let alike = &body["like_for_like"];
    // London and Warsaw: 230 + 150 against 230 + 400.
    assert_eq!(
        (&alike["now"]["revenue_eur"], &alike["before"]["revenue_eur"]),
        (&json!("380.00"), &json!("630.00"))
    );
    assert_eq!(
        alike["left_out"],
        json!([
            { "vendor": "boxnox", "store": "Berlin", "reason": "only_now" },
            { "vendor": "liberty", "store": "Online", "reason": "only_now" },
            { "vendor": "webshop", "store": null, "reason": "only_now" }
        ])
    );
    let steps: Vec<_> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (&group["vendor"], &group["change"]["revenue_eur"]["absolute"], &group["contribution"]))
        .collect();
    assert_eq!(
        json!(steps),
        json!([["webshop", "300.00", "47.62"], ["boxnox", "-150.00", "-23.81"], ["liberty", "0.00", "0.00"]])
    );
}

#[tokio::test]
async fn a_vendor_that_has_not_reported_is_left_out_as_a_whole() {
    let books = Books::new().await;
    // Boxnox said nothing about October to December, though before and after.
    let (_, body) =
        ask(&books, "?from=2026-01-01&to=2026-01-31&with_from=2025-02-01&with_to=2025-12-31&metric=units")
            .await;
    assert_eq!(
        body["like_for_like"]["left_out"][0],
        json!({ "vendor": "boxnox", "store": null, "reason": "not_reported" })
    );
    assert!(!body["before"]["coverage"]["missing"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn the_other_span_is_the_one_before_the_same_a_year_ago_or_any() {
    let books = Books::new().await;
    for (query, from, to) in [
        ("", "2026-01-01", "2026-01-31"),
        ("&with=last_year", "2025-02-01", "2025-02-28"),
        ("&with_from=2024-01-01&with_to=2024-06-30", "2024-01-01", "2024-06-30"),
    ] {
        let (_, body) = ask(&books, &format!("?from=2026-02-01&to=2026-02-28{query}")).await;
        assert_eq!((&body["before"]["from"], &body["before"]["to"]), (&json!(from), &json!(to)), "{query}");
    }
    for (query, field) in [
        ("?from=2026-02-01", "to"),
        ("?from=2026-02-01&to=2026-02-28&with=tomorrow", "with"),
        ("?from=2026-02-01&to=2026-02-28&with_from=2026-01-01", "with_to"),
        ("?from=2026-02-01&to=2026-02-28&with_from=2026-01-02&with_to=2026-01-01", "with_to"),
    ] {
        let (status, body) = ask(&books, query).await;
        assert_eq!((status, &body["fields"][0]["pointer"]), (400, &json!(field)), "{query}");
    }
}
