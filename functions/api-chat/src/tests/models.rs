//! Questions that a language model is asked about, by a service that says what a test wants.

use std::time::{Duration, Instant};

use edge::{
    Principal,
    http::{RequestBuilder, answer},
};
use llm::{Dialect, Embedder, Model, Panel, Settings};
use serde_json::{Value, json};
use testkit::{ModelServer, Said};

use super::Books;
use crate::{
    Advisor, Context,
    ask::{self, Status},
    model_choice::{list, update},
};

/// Nothing that the built-in reading knows.
pub(super) const ODD: &str = "Which of our vendors would a poet call generous?";

/// What nobody of the other organisation may ever see.
pub(super) const FOREIGN: &str = "CANARY";

fn said(value: &Value) -> Said {
    Said::Text(value.to_string())
}

fn statement(sql: &str, meaning: &str) -> Said {
    said(&json!({"kind": "sql", "sql": sql, "meaning": meaning}))
}

pub(super) fn plan() -> Said {
    said(&json!({"kind": "plan", "plan": {
        "analysis": {"metrics": ["revenue_eur"], "by": ["vendor"], "order": {"highest": "revenue_eur"}},
        "days": "all of our <b>golden</b> years",
    }}))
}

/// The books with these models, asked in this order.
pub(super) async fn books(servers: &[&ModelServer], tokens_a_month: u64) -> Books {
    let mut books = Books::new().await;
    let rival = books.database.seed("rival").await;
    sqlx::query("INSERT INTO products (org_id, ean, sku, kind, active) VALUES ($1, '9529843000349', $2, 'regular', true)")
        .bind(rival.org.0)
        .bind(FOREIGN)
        .execute(books.database.admin())
        .await
        .unwrap();
    let models = servers.iter().enumerate().map(|(at, server)| {
        let (model, patience) = (format!("model-{at}"), Duration::from_millis(400));
        let base_url = server.base_url();
        Model::new(Settings { dialect: Dialect::OpenAi, base_url, model, key: None, patience }).unwrap()
    });
    let reader = books.reader.clone();
    books.context.advisor = Some(Advisor {
        panel: Panel::new(models.collect()),
        reader,
        tokens_a_month,
        embedder: Embedder::BuiltIn,
    });
    books
}

async fn calls(books: &Books) -> Vec<(String, String)> {
    sqlx::query_as("SELECT model, outcome FROM model_calls WHERE purpose = 'question' ORDER BY id")
        .fetch_all(books.database.admin())
        .await
        .unwrap()
}

#[tokio::test]
async fn what_the_engine_knows_costs_nothing_and_what_it_does_not_is_read_by_a_model() {
    let server = ModelServer::start(&[plan()]);
    let books = books(&[&server], 1_000_000).await;
    let known = books.ask("Revenue by vendor", None).await;
    assert_eq!(
        (known.status, known.engine.as_str(), server.heard().len()),
        (Status::Answered, "built_in", 0)
    );
    let odd = books.ask(ODD, None).await;
    assert_eq!((odd.status, odd.engine.as_str()), (Status::Answered, "model-0"), "{}", odd.answer);
    let mut figures: Vec<_> = known.rows.clone();
    let mut read: Vec<_> = odd.rows.clone();
    figures.sort_by_key(|row| format!("{row:?}"));
    read.sort_by_key(|row| format!("{row:?}"));
    assert_eq!(read, figures, "the figures are those of the metric layer");
    assert!(!odd.answer.contains("golden"), "{}", odd.answer);
    let heard = server.heard();
    let request = heard[0].body["messages"][1]["content"].as_str().unwrap();
    assert!(request.contains(ODD) && !request.contains(FOREIGN), "{request}");
    assert_eq!(calls(&books).await, [("model-0".to_owned(), "answered".to_owned())]);
    let used: i64 =
        sqlx::query_scalar("SELECT coalesce(sum(used), 0)::bigint FROM quota_usage WHERE what = 'ai_tokens'")
            .fetch_one(books.database.admin())
            .await
            .unwrap();
    assert_eq!(used, 1_050, "what was set aside and not used is given back");
}

#[tokio::test]
async fn a_statement_is_run_behind_the_gate_and_worded_by_its_result() {
    let sql = "SELECT vendor, sum(sales_eur) AS revenue FROM sales GROUP BY vendor ORDER BY vendor";
    let meaning = "Revenue of each vendor. Together that is 123456789 euro! <script>alert(1)</script>";
    let server = ModelServer::start(&[statement(sql, meaning)]);
    let books = books(&[&server], 1_000_000).await;
    let view = books.ask(ODD, None).await;
    assert_eq!((view.status, view.engine.as_str()), (Status::Answered, "model-0"), "{}", view.answer);
    assert!(view.rows.len() > 1 && view.columns.len() == 2);
    assert!(view.answer.starts_with("Revenue of each vendor. "), "{}", view.answer);
    assert!(!view.answer.contains("123456789") && !view.answer.contains('<'), "{}", view.answer);
    assert!(view.sql.as_deref().is_some_and(|sql| sql.contains(&format!("'{}'::uuid", books.seeded.org))));
}

#[tokio::test]
async fn an_evil_model_gets_nothing_and_changes_nothing() {
    let corpus = include_str!("../../../../tests/fixtures/corpora/hostile_sql.jsonl");
    let attacks: Vec<String> = corpus
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?["sql"].as_str().map(str::to_owned))
        .collect();
    let script: Vec<Said> = attacks
        .iter()
        .flat_map(|sql| [statement(sql, "All of it: CANARY"), Said::Text(sql.clone())])
        .collect();
    let server = ModelServer::start(&script);
    let books = books(&[&server], 1_000_000_000).await;
    let clean = books.ask("Revenue by vendor", None).await;
    for _ in 0..script.len() {
        let began = Instant::now();
        let view = books.ask(ODD, None).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", view.sql);
        let shown = format!("{:?}", view.rows);
        assert!(!shown.contains(FOREIGN) && !shown.contains("argon2"), "{:?}: {shown}", view.sql);
        if view.status != Status::Answered {
            assert_eq!((view.engine.as_str(), view.rows.len()), ("built_in", 0));
        }
    }
    assert_eq!(server.heard().len(), script.len());
    let after = books.ask("Revenue by vendor", None).await;
    assert_eq!(after.rows, clean.rows);
}

#[tokio::test]
async fn models_that_fail_leave_the_answer_to_the_next_one_and_at_last_to_the_engine() {
    let (silent, garbage) =
        (ModelServer::start(&[Said::Silence]), ModelServer::start(&[Said::Text("Sure!".to_owned())]));
    let good = ModelServer::start(&[plan(), Said::Trickle]);
    let books = books(&[&silent, &garbage, &good], 1_000_000).await;
    let view = books.ask(ODD, None).await;
    assert_eq!((view.status, view.engine.as_str()), (Status::Answered, "model-2"));
    let bare = Books::new().await.ask(ODD, None).await;
    let began = Instant::now();
    let view = books.ask(ODD, None).await;
    assert_eq!((view.status, view.engine.as_str(), &view.answer), (bare.status, "built_in", &bare.answer));
    assert!(began.elapsed() < Duration::from_secs(4));
    let outcomes: Vec<_> = calls(&books).await.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, ["timeout", "invalid", "answered", "timeout", "invalid", "timeout"]);
}

#[tokio::test]
async fn no_model_is_asked_beyond_the_budget() {
    let server = ModelServer::start(&[plan()]);
    let books = books(&[&server], 15_999).await;
    let view = books.ask(ODD, None).await;
    assert_ne!(view.status, Status::Answered);
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn an_organisation_chooses_whom_it_asks() {
    let (first, second) = (ModelServer::start(&[plan()]), ModelServer::start(&[plan()]));
    let mut books = books(&[&first, &second], 1_000_000).await;
    let ctx: &'static Context = Box::leak(Box::new(std::mem::replace(
        &mut books.context,
        Context::new(books.database.app().clone()),
    )));
    let (admin, viewer) = (
        books.database.principal(books.seeded.org, "admin").await,
        books.database.principal(books.seeded.org, "viewer").await,
    );
    let choose = async |by: &Principal, chosen: Value| {
        let request =
            RequestBuilder::new("PUT", "/v1/models").principal(by).json(&json!({ "chosen": chosen }));
        answer(ctx, update::handle, request.build()).await
    };
    let ask = async || {
        let request =
            RequestBuilder::new("POST", "/v1/chat").principal(&viewer).json(&json!({ "question": ODD }));
        answer(ctx, ask::handle, request.build()).await.json()["engine"].clone()
    };
    assert_eq!(ask().await, json!("model-0"));
    assert_eq!(choose(&viewer, json!([])).await.status, 403);
    assert_eq!(choose(&admin, json!(["model-1", "model-1"])).await.status, 422);
    assert_eq!(choose(&admin, json!(["model-1"])).await.status, 200);
    assert_eq!(ask().await, json!("model-1"));
    let listed =
        answer(ctx, list::handle, RequestBuilder::new("GET", "/v1/models").principal(&viewer).build()).await;
    assert_eq!(listed.json(), json!({"available": ["model-0", "model-1"], "chosen": ["model-1"]}));
    assert_eq!(choose(&admin, json!([])).await.status, 200);
    assert_eq!(ask().await, json!("built_in"));
    assert_eq!(choose(&admin, Value::Null).await.status, 200);
    assert_eq!(ask().await, json!("model-0"));
}
