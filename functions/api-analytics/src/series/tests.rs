use serde_json::{Value, json};

use super::handle;
use crate::books::Books;

async fn ask(books: &Books, query: &str) -> (u16, Value) {
    let response = books.ask(handle, "viewer", &format!("/v1/analytics/series{query}")).await;
    (response.status, response.json())
}

#[tokio::test]
async fn months_without_sales_are_zero_and_none_is_left_out() {
    let books = Books::new().await;
    let (status, body) = ask(&books, "?from=2025-12-15&to=2026-03-31&metric=revenue_eur").await;
    assert_eq!(status, 200);
    let points: Vec<_> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| (&point["start"], &point["end"], &point["revenue_eur"]))
        .collect();
    assert_eq!(
        json!(points),
        json!([
            ["2025-12-01", "2025-12-31", "0.00"],
            ["2026-01-01", "2026-01-31", "630.00"],
            ["2026-02-01", "2026-02-28", "780.00"],
            ["2026-03-01", "2026-03-31", "0.00"]
        ])
    );
}

#[tokio::test]
async fn every_line_has_every_interval() {
    let books = Books::new().await;
    let (_, body) =
        ask(&books, "?interval=quarter&by=channel&from=2025-01-01&to=2026-03-31&metric=units").await;
    let points = body["data"].as_array().unwrap();
    assert_eq!(points.len(), 10);
    assert_eq!((&points[0]["channel"], &points[4]["units"]), (&json!("online"), &json!("3")));
    assert_eq!(
        (&points[5]["channel"], &points[5]["units"], &points[9]["units"]),
        (&json!("retail"), &json!("5"), &json!("13"))
    );
}

#[tokio::test]
async fn weeks_begin_on_monday() {
    let books = Books::new().await;
    let (_, body) =
        ask(&books, "?interval=week&channel=online&from=2026-02-10&to=2026-02-28&metric=revenue_eur").await;
    let starts: Vec<_> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| (&point["start"], &point["revenue_eur"]))
        .collect();
    assert_eq!(
        json!(starts),
        json!([["2026-02-09", "160.00"], ["2026-02-16", "200.00"], ["2026-02-23", "-60.00"]])
    );
}

#[tokio::test]
async fn a_series_that_cannot_be_drawn_is_refused_with_the_parameter() {
    let books = Books::new().await;
    for (query, field) in [
        ("?interval=hour", "interval"),
        ("?interval=vendor", "interval"),
        ("?by=month", "by"),
        ("?interval=day&by=product,store&from=2010-01-01&to=2026-12-31", "interval"),
    ] {
        let (status, body) = ask(&books, query).await;
        assert_eq!((status, &body["fields"][0]["pointer"]), (400, &json!(field)), "{query}");
    }
}
