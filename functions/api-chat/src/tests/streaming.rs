//! Answers that come about in pieces, and conversations that go on while a model is asked.

use std::sync::Arc;

use edge::http::{Progress, RequestBuilder, answer};
use serde_json::{Value, json};
use testkit::{ModelServer, Said};

use super::{
    Books,
    models::{ODD, books, plan},
};
use crate::{Context, ask, stream};

/// The events that were told: their names with their data.
fn events(mut told: tokio::sync::mpsc::UnboundedReceiver<String>) -> Vec<(String, Value)> {
    let mut events = Vec::new();
    while let Ok(event) = told.try_recv() {
        let (name, data) = event.trim_end().split_once("\ndata: ").unwrap();
        let name = name.strip_prefix("event: ").unwrap().to_owned();
        events.push((name, serde_json::from_str(data).unwrap()));
    }
    events
}

fn stages(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().filter_map(|(_, data)| data["stage"].as_str()).collect()
}

#[tokio::test]
async fn a_streamed_answer_is_the_plain_one_and_its_words_are_told_before() {
    let books = Books::new().await;
    let context: &'static Context = Box::leak(Box::new(Context::new(books.database.app().clone())));
    let question = json!({ "question": "sales by vendor in 2024" });
    let request =
        |path| RequestBuilder::new("POST", path).principal(&books.seeded.principal()).json(&question).build();
    let plain = answer(context, ask::handle, request("/v1/chat")).await.json();
    let (progress, told) = Progress::heard();
    let handle = |ctx, request| stream::handle(ctx, request, progress);
    let mut streamed = answer(context, handle, request("/v1/chat/stream")).await.json();
    for id in ["conversation_id", "message_id", "took_ms"] {
        streamed[id] = plain[id].clone();
    }
    assert_eq!(streamed, plain);
    let events = events(told);
    assert_eq!(stages(&events), ["understanding", "running", "wording"]);
    let words: String = events.iter().filter_map(|(_, data)| data["text"].as_str()).collect();
    assert_eq!(words, plain["answer"].as_str().unwrap());
}

#[tokio::test]
async fn nothing_is_told_of_a_question_that_is_refused() {
    let books = Books::new().await;
    let context: &'static Context = Box::leak(Box::new(Context::new(books.database.app().clone())));
    let (progress, told) = Progress::heard();
    let request = RequestBuilder::new("POST", "/v1/chat/stream").principal(&books.seeded.principal());
    let handle = |ctx, request| stream::handle(ctx, request, progress);
    let refused = answer(context, handle, request.json(&json!({ "question": " " })).build()).await;
    assert_eq!((refused.status, events(told).len()), (422, 0));
}

#[tokio::test]
async fn a_conversation_is_free_while_a_model_is_asked_and_what_comes_too_late_is_refused() {
    let server = ModelServer::start(&[Said::Silence, plan()]);
    let books = Arc::new(books(&[&server], 1_000_000).await);
    let first = books.ask("sales in 2024", None).await;
    let (principal, conversation) = (books.seeded.principal(), Some(first.conversation_id));
    let (progress, told) = Progress::heard();
    let late = books.try_asking(&principal, ODD, conversation, &progress);
    let meanwhile = async {
        while server.heard().is_empty() {
            tokio::task::yield_now().await;
        }
        books.ask("and in 2023?", conversation).await
    };
    let (late, meanwhile) = tokio::join!(late, meanwhile);
    assert_eq!(late.unwrap_err().code(), "conversation_went_on");
    assert_eq!(stages(&events(told)), ["understanding", "asking_model"]);
    let kept: Vec<String> = sqlx::query_scalar("SELECT question FROM messages ORDER BY id")
        .fetch_all(books.database.admin())
        .await
        .unwrap();
    assert_eq!(kept, ["sales in 2024", "and in 2023?"], "the late one leaves nothing behind");
    // What was answered meanwhile is what the next question goes on with.
    let next = books.ask(ODD, conversation).await;
    assert_eq!(next.engine, "model-0");
    let sent = server.heard()[1].body["messages"][1]["content"].as_str().unwrap().to_owned();
    let sent: Value = serde_json::from_str(&sent).unwrap();
    let plan = serde_json::to_value(meanwhile.plan.unwrap()).unwrap();
    assert_eq!(sent["previous_plan"], plan);
}
