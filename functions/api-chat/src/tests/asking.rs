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

#[tokio::test]
async fn what_no_rate_converts_is_said_beside_the_figure_and_in_place_of_one() {
    let books = Books::new().await;
    let ask = async |question: &str| books.ask(question, None).await.answer;
    let pounds: Decimal = sqlx::query_scalar(
        "WITH lost AS (
             UPDATE sellout_entries SET amount_eur = NULL
             WHERE vendor = 'liberty' AND period_start = '2025-03-01' AND amount_local IS NOT NULL
             RETURNING amount_local
         )
         SELECT round(sum(amount_local), 2) FROM lost",
    )
    .fetch_one(books.database.admin())
    .await
    .unwrap();
    sqlx::query("DELETE FROM sales_rollup").execute(books.database.admin()).await.unwrap();
    books.database.sum_up(books.seeded.org).await;
    let lacks =
        format!("Not in it: {pounds} GBP of Liberty in 2025-03, for which there is no exchange rate.");

    let all = ask("What were total sales in March 2025?").await;
    assert!(all.ends_with(&lacks) && all.contains("EUR"), "{all}");
    let alone = ask("What did Liberty sell in March 2025?").await;
    assert!(alone.contains("not known") && alone.contains("import the rate of its month"), "{alone}");
    assert!(alone.ends_with(&lacks), "{alone}");
    let pieces = ask("How many units did Liberty sell in March 2025?").await;
    assert!(!pieces.contains("exchange rate"), "{pieces}");
    let before = ask("What did Liberty sell in February 2025?").await;
    assert!(!before.contains("exchange rate"), "{before}");
}
