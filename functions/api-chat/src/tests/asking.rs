use assistant::Cell;
use edge::http::{RequestBuilder, answer};
use rust_decimal::Decimal;
use serde_json::json;

use super::Books;
use crate::{
    Context,
    ask::{self, Status},
};

#[tokio::test]
async fn a_total_is_the_sum_of_the_books() {
    let books = Books::new().await;
    let view = books.ask("What were total sales in March 2025?", None).await;
    let sum: Decimal = sqlx::query_scalar(
        "SELECT round(sum(amount_eur), 2) FROM sales WHERE counts_on BETWEEN '2025-03-01' AND '2025-03-31'",
    )
    .fetch_one(books.database.admin())
    .await
    .unwrap();
    assert_eq!(view.status, Status::Answered);
    assert_eq!(view.rows, [[Cell::Number(sum)]]);
    assert!(view.answer.contains(&sum.to_string()) && view.answer.contains("March 2025"), "{}", view.answer);
}

#[tokio::test]
async fn the_route_answers_and_records_what_it_asked_the_database() {
    let books = Books::new().await;
    let context: &'static Context = Box::leak(Box::new(Context::new(books.database.app().clone())));
    let analyst = books.database.principal(books.seeded.org, "analyst").await;
    let request = |body: serde_json::Value| {
        RequestBuilder::new("POST", "/v1/chat").principal(&analyst).json(&body).build()
    };
    let response =
        answer(context, ask::handle, request(json!({ "question": "sales by vendor in 2024" }))).await;
    assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(response.body()));
    let body = response.json();
    assert_eq!(body["status"], "answered");
    assert_eq!(body["rows"].as_array().unwrap().len(), 7);
    assert!(body["sql"].as_str().unwrap().contains("sales_levels"));
    let (verdict, sql): (String, String) = sqlx::query_as(
        "SELECT details->>'verdict', details->>'sql' FROM audit_events WHERE action = 'chat_queried'",
    )
    .fetch_one(books.database.admin())
    .await
    .unwrap();
    assert!(verdict == "answered" && sql.contains("sales_levels"), "{sql}");
    let empty = answer(context, ask::handle, request(json!({ "question": "  " }))).await;
    assert_eq!(empty.status, 422);
}
