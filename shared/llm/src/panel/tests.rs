use serde_json::json;
use testkit::{ModelServer, Said};

use super::*;
use crate::{Dialect, Settings};

fn model(name: &str, server: &ModelServer) -> Model {
    let patience = Duration::from_millis(300);
    let settings = Settings {
        dialect: Dialect::OpenAi,
        base_url: server.base_url(),
        model: name.to_owned(),
        key: None,
        patience,
    };
    Model::new(settings).unwrap()
}

fn judge(content: &str) -> Result<String, &'static str> {
    if content.starts_with('{') { Ok(content.to_owned()) } else { Err("invalid") }
}

async fn ask(panel: &Panel, order: Option<&[String]>) -> Answered<String> {
    let shape = Shape { name: "plan", schema: json!({"type": "object"}) };
    panel.propose(order, ("Be brief.", "How much?"), &shape, Duration::from_secs(2), judge).await
}

fn text(text: &str) -> Said {
    Said::Text(text.to_owned())
}

fn outcomes<T>(answered: &Answered<T>) -> Vec<(&str, &str)> {
    answered.calls.iter().map(|call| (call.model.as_str(), call.outcome)).collect()
}

#[tokio::test]
async fn who_fails_or_talks_nonsense_is_passed_over() {
    let (silent, nonsense, good) = (
        ModelServer::start(&[Said::Silence]),
        ModelServer::start(&[text("ha")]),
        ModelServer::start(&[text("{}")]),
    );
    let panel =
        Panel::new(vec![model("silent", &silent), model("nonsense", &nonsense), model("good", &good)]);
    let answered = ask(&panel, None).await;
    assert_eq!(answered.answer, Some(("{}".to_owned(), "good".to_owned())));
    assert_eq!(outcomes(&answered), [("silent", "timeout"), ("nonsense", "invalid"), ("good", "answered")]);
    assert_eq!(answered.calls[2].usage.map(|usage| usage.input_tokens), Some(1_000));
    // An organisation's own order, which may leave some out.
    let order = ["good".to_owned(), "nobody".to_owned(), "silent".to_owned()];
    assert_eq!(outcomes(&ask(&panel, Some(&order)).await), [("good", "answered")]);
    assert!(ask(&panel, Some(&[])).await.calls.is_empty(), "who chose nobody asks nobody");
}

#[tokio::test]
async fn a_model_that_fails_again_and_again_is_left_alone() {
    let (failing, good) =
        (ModelServer::start(&[Said::Raw(500, String::new())]), ModelServer::start(&[text("{}")]));
    let panel = Panel::new(vec![model("failing", &failing), model("good", &good)]);
    for _ in 0..3 {
        assert_eq!(outcomes(&ask(&panel, None).await), [("failing", "status"), ("good", "answered")]);
    }
    assert_eq!(outcomes(&ask(&panel, None).await), [("good", "answered")]);
    let tries = failing.heard().len();
    assert_eq!(tries, 6, "two tries a call, none while it rests");
}

#[tokio::test]
async fn a_service_that_knows_no_shapes_is_asked_without() {
    let server = ModelServer::start(&[Said::Raw(400, String::new()), text("{}")]);
    let panel = Panel::new(vec![model("old", &server)]);
    assert!(ask(&panel, None).await.answer.is_some());
    let kinds: Vec<_> =
        server.heard().iter().map(|heard| heard.body["response_format"]["type"].clone()).collect();
    assert_eq!(kinds, [json!("json_schema"), json!("json_object")]);
}

#[tokio::test]
async fn nobody_left_is_no_answer() {
    let server = ModelServer::start(&[text("nonsense")]);
    let answered = ask(&Panel::new(vec![model("only", &server)]), None).await;
    assert_eq!((answered.answer.is_none(), outcomes(&answered)), (true, vec![("only", "invalid")]));
    assert!(ask(&Panel::new(Vec::new()), None).await.calls.is_empty());
}
