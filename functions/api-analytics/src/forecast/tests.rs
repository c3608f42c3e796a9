use serde_json::{Value, json};

use super::handle;
use crate::books::Books;

async fn ask(books: &Books, query: &str) -> (u16, Value) {
    let response = books.ask(handle, "viewer", &format!("/v1/analytics/forecast{query}")).await;
    (response.status, response.json())
}

/// Three years of months with a high December.
fn months() -> Vec<i64> {
    (0..36).map(|month| if month % 12 == 11 { 300 } else { 100 }).collect()
}

#[tokio::test]
async fn a_season_that_was_seen_comes_again_with_ranges_and_the_error_so_far() {
    let books = Books::new().await;
    books.add_months("galilu", "2022-01-01", &months()).await;
    let (status, body) = ask(&books, "?vendor=galilu&periods=12").await;
    assert_eq!(status, 200);
    let data = body["data"].as_array().unwrap();
    assert_eq!(
        (data.len(), &data[0]["start"], &data[11]["end"]),
        (12, &json!("2025-01-01"), &json!("2025-12-31"))
    );
    assert_eq!((&data[0]["expected"], &data[11]["expected"]), (&json!("100.00"), &json!("300.00")));
    assert_eq!((&data[11]["low_95"], &data[11]["high_80"]), (&json!("300.00"), &json!("300.00")));
    assert_eq!((&body["method"], &body["backtest"]["percent"]), (&json!("seasonal_naive"), &json!("0.00")));
    assert_eq!(
        (&body["history_until"], body["history"].as_array().unwrap().len()),
        (&json!("2024-12-31"), 36)
    );
}

#[tokio::test]
async fn a_month_that_a_vendor_has_not_reported_is_no_measure() {
    let books = Books::new().await;
    books.add_months("galilu", "2022-01-01", &months()).await;
    books.add_months("selfridges", "2022-01-01", &months()[..35]).await;
    let (_, body) = ask(&books, "?vendor=galilu&vendor=selfridges").await;
    assert_eq!(
        body["left_out"],
        json!([{ "start": "2024-12-01", "end": "2024-12-31", "reason": "not_reported" }])
    );
    assert_eq!(
        (&body["history_until"], &body["data"][0]["start"]),
        (&json!("2024-11-30"), &json!("2024-12-01"))
    );
    assert_eq!(body["data"][0]["expected"], "600.00");
}

#[tokio::test]
async fn a_vendor_that_stopped_long_ago_does_not_hold_up_the_others() {
    let books = Books::new().await;
    books.add_months("galilu", "2022-01-01", &months()).await;
    books.add_months("cdlc", "2022-01-01", &[50, 50, 50, 50, 50, 50]).await;
    let (_, body) = ask(&books, "?vendor=galilu&vendor=cdlc").await;
    assert_eq!((&body["history_until"], &body["left_out"]), (&json!("2024-12-31"), &json!([])));
}

#[tokio::test]
async fn with_too_little_history_there_is_a_reason_and_no_number() {
    let books = Books::new().await;
    for query in ["?vendor=boxnox&interval=year", "?vendor=nobody"] {
        let (status, body) = ask(&books, query).await;
        assert_eq!(
            (status, &body["data"], &body["reason"]),
            (200, &json!([]), &json!("too_little_history")),
            "{query}"
        );
    }
    for (query, field) in [
        ("?periods=0", "periods"),
        ("?periods=25", "periods"),
        ("?interval=fiscal_year", "interval"),
        ("?metric=units,orders", "metric"),
        ("?by=vendor", "by"),
    ] {
        let (status, body) = ask(&books, query).await;
        assert_eq!((status, &body["fields"][0]["pointer"]), (400, &json!(field)), "{query}");
    }
}
