use serde_json::{Value, json};

use super::handle;
use crate::books::Books;

async fn body(books: &Books, query: &str) -> Value {
    let response = books.ask(handle, "viewer", &format!("/v1/analytics/anomalies{query}")).await;
    assert_eq!(response.status, 200, "{query}");
    response.json()
}

#[tokio::test]
async fn a_month_out_of_its_range_is_named_with_what_was_to_be_expected() {
    let books = Books::new().await;
    let mut months: Vec<i64> = (0..24).map(|month| 100 + month % 4).collect();
    months[20] = 180;
    books.add_months("galilu", "2023-01-01", &months).await;
    books.add_months("cdlc", "2023-01-01", &(0..24).map(|month| 50 + month % 3).collect::<Vec<_>>()).await;
    books.add_months("new", "2024-10-01", &[1, 2, 3]).await;
    let body = body(&books, "?by=vendor&vendor=galilu&vendor=cdlc&vendor=new").await;
    assert_eq!((&body["lines"], &body["too_short"]), (&json!(3), &json!(1)));
    let spike = &body["data"][0];
    assert_eq!(
        (&spike["vendor"], &spike["start"], &spike["value"]),
        (&json!("galilu"), &json!("2024-09-01"), &json!("180.00"))
    );
    let high: f64 = spike["high"].as_str().unwrap().parse().unwrap();
    assert!(high < 180.0 && high > 100.0, "{spike}");
    assert!(body["data"].as_array().unwrap().iter().all(|found| found["vendor"] == "galilu"), "{body}");
}

#[tokio::test]
async fn only_the_days_asked_for_are_searched_though_all_are_the_measure() {
    let books = Books::new().await;
    let mut months = vec![100; 24];
    (months[8], months[20]) = (200, 210);
    books.add_months("galilu", "2023-01-01", &months).await;
    let starts = |body: &Value| -> Vec<String> {
        let data = body["data"].as_array().unwrap().iter();
        data.filter(|found| found["value"] != "100.00")
            .map(|found| found["start"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(starts(&body(&books, "?vendor=galilu&from=2024-01-01").await), ["2024-09-01"]);
    assert_eq!(starts(&body(&books, "?vendor=galilu&to=2024-06-30").await), ["2023-09-01"]);
}
