use std::time::Duration;

use serde_json::json;
use testkit::{ModelServer, Said};

use crate::{Dialect, Error, Model, Reply, Settings, Shape, Usage};

fn model(server: &ModelServer) -> Model {
    let settings = Settings {
        dialect: Dialect::Anthropic,
        base_url: server.base_url(),
        model: "claude".to_owned(),
        key: Some("sk-ant-secret".into()),
        patience: Duration::from_secs(2),
    };
    Model::new(settings).unwrap()
}

fn shape() -> Shape {
    Shape { name: "plan", schema: json!({"type": "object"}) }
}

#[tokio::test]
async fn a_shape_is_a_tool_that_has_to_be_used() {
    let said = json!({
        "content": [{"type": "text", "text": "Let me see."}, {"type": "tool_use", "name": "plan", "input": {"a": 1}}],
        "usage": {"input_tokens": 7, "output_tokens": 3},
    });
    let server = ModelServer::start(&[Said::Raw(503, String::new()), Said::Raw(200, said.to_string())]);
    let reply = model(&server).propose("Be brief.", "How much?", &shape()).await;
    let usage = Some(Usage { input_tokens: 7, output_tokens: 3 });
    assert_eq!(reply, Ok(Reply { content: "{\"a\":1}".to_owned(), usage }));
    let heard = server.heard();
    assert_eq!(heard.len(), 2, "what may pass is tried once more");
    let head = heard[1].head.to_lowercase();
    assert!(head.starts_with("post /v1/messages "), "{head}");
    assert!(head.contains("x-api-key: sk-ant-secret") && !head.contains("authorization"), "{head}");
    assert!(head.contains("anthropic-version: 2023-06-01"), "{head}");
    assert_eq!(heard[1].body["tool_choice"], json!({"type": "tool", "name": "plan"}));
    assert_eq!(heard[1].body["messages"], json!([{"role": "user", "content": "How much?"}]));
}

#[tokio::test]
async fn answers_that_are_none_are_errors() {
    for (said, expected) in [
        (Said::Raw(200, "{}".to_owned()), Error::Unreadable),
        (Said::Raw(200, json!({"content": [{"type": "text", "text": "no"}]}).to_string()), Error::Unreadable),
        (Said::Raw(401, "sk-ant-secret".to_owned()), Error::Status(401)),
        (Said::Flood, Error::TooLarge),
        (Said::Trickle, Error::Timeout),
    ] {
        let server = ModelServer::start(&[said]);
        assert_eq!(model(&server).propose("", "", &shape()).await, Err(expected));
    }
}
