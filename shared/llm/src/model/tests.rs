use std::time::Instant;

use testkit::{ModelServer, Said};

use super::*;

const KEY: &str = "sk-a-key-that-nobody-may-see";

fn model(base_url: String) -> Model {
    let patience = Duration::from_secs(2);
    Model::new(Settings {
        dialect: Dialect::OpenAi,
        base_url,
        model: "tester".to_owned(),
        key: Some(KEY.into()),
        patience,
    })
    .unwrap()
}

async fn ask(script: &[Said]) -> (Result<Reply, Error>, ModelServer) {
    let server = ModelServer::start(script);
    let reply = model(server.base_url()).ask("Answer in JSON.", "{}").await;
    (reply, server)
}

fn text(text: &str) -> Said {
    Said::Text(text.to_owned())
}

#[tokio::test]
async fn a_question_reaches_the_service_and_its_answer_comes_back_with_its_cost() {
    let (reply, server) = ask(&[text("{\"answers\":[]}")]).await;
    let usage = Some(Usage { input_tokens: 1_000, output_tokens: 50 });
    assert_eq!(reply, Ok(Reply { content: "{\"answers\":[]}".to_owned(), usage }));
    let heard = server.heard();
    assert_eq!(heard.len(), 1);
    assert!(heard[0].head.starts_with("POST /v1/chat/completions "), "{}", heard[0].head);
    assert!(heard[0].head.contains(KEY));
    assert_eq!(heard[0].body["model"], "tester");
    assert_eq!(heard[0].body["messages"][1]["content"], "{}");
}

#[tokio::test]
async fn what_may_pass_is_tried_once_more_and_nothing_else() {
    let failing = || Said::Raw(503, "busy".to_owned());
    let (reply, server) = ask(&[failing(), text("yes")]).await;
    assert_eq!((reply.unwrap().content.as_str(), server.heard().len()), ("yes", 2));
    let (reply, server) = ask(&[failing()]).await;
    assert_eq!((reply, server.heard().len()), (Err(Error::Status(503)), 2));
    let (reply, server) = ask(&[Said::Hangup, text("yes")]).await;
    assert_eq!((reply.unwrap().content.as_str(), server.heard().len()), ("yes", 2));
    for status in [400, 401, 404, 422] {
        let (reply, server) = ask(&[Said::Raw(status, String::new())]).await;
        assert_eq!((reply, server.heard().len()), (Err(Error::Status(status)), 1));
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_or_never_ends_costs_no_more_than_the_patience() {
    for (said, expected) in
        [(Said::Silence, Error::Timeout), (Said::Trickle, Error::Timeout), (Said::Flood, Error::TooLarge)]
    {
        let began = Instant::now();
        let (reply, _server) = ask(std::slice::from_ref(&said)).await;
        assert_eq!(reply, Err(expected), "{said:?}");
        assert!(began.elapsed() < Duration::from_secs(4), "{said:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_completion_is_an_error() {
    let large = format!("{{\"choices\":[{{\"message\":{{\"content\":\"{}\"}}}}]}}", "x".repeat(10_000_000));
    for (body, expected) in [
        ("", Error::Unreadable),
        ("<html>", Error::Unreadable),
        ("[]", Error::Unreadable),
        ("{\"choices\":[]}", Error::Unreadable),
        ("{\"choices\":[{\"message\":{}}]}", Error::Unreadable),
        (
            "{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"usage\":{\"prompt_tokens\":-1}}",
            Error::Unreadable,
        ),
        (large.as_str(), Error::TooLarge),
    ] {
        let (reply, _server) = ask(&[Said::Raw(200, body.to_owned())]).await;
        assert_eq!(reply, Err(expected));
    }
}

#[tokio::test]
async fn an_error_says_nothing_that_the_service_said() {
    let echo = format!("{{\"error\":{{\"message\":\"Incorrect API key provided: {KEY}\"}}}}");
    let (reply, _server) = ask(&[Said::Raw(401, echo)]).await;
    let error = reply.unwrap_err();
    assert_eq!(error.to_string(), "the model's service answered with status 401");
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = ModelServer::start(&[text("yes")]);
    let (reply, _server) = ask(&[Said::Redirect(elsewhere.base_url())]).await;
    assert_eq!(reply, Err(Error::Status(302)));
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unreachable() {
    // Port 9 discards, where anything listens there at all.
    let reply = model("http://127.0.0.1:9/v1".to_owned()).ask("", "").await;
    assert_eq!(reply, Err(Error::Unreachable));
}
