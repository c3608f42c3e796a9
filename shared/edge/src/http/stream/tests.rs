use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::*;
use crate::http::RequestBuilder;

/// The answer to a route that does this.
async fn answered<F>(route: impl FnOnce(Progress) -> F) -> http::Response<Body>
where
    F: Future<Output = Response> + Send + 'static,
{
    let (progress, told) = Progress::heard();
    let head =
        Response::of_reply(Reply::text("text/event-stream", ""), "id").with_header("ratelimit", "left");
    let broken = |error| Response::of_error(&ApiError::internal(error), "/", "id");
    in_pieces(head, told, route(progress), broken).await
}

fn ok() -> Response {
    Response::of_reply(Reply::ok(&json!({"answer": 42, "text": "two\nlines"})).unwrap(), "id")
}

async fn next(body: &mut Body) -> String {
    let frame = body.frame().await.unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn what_is_told_arrives_before_the_work_ends_and_the_answer_comes_last() {
    let (go_on, wait) = oneshot::channel::<()>();
    let answer = answered(|progress| async move {
        progress.tell("stage", &json!({"stage": "understanding"}));
        wait.await.unwrap();
        progress.tell("text", &json!({"text": "Sales\nwere "}));
        ok()
    })
    .await;
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert!(answer.headers().contains_key("ratelimit") && answer.headers()["cache-control"] == "no-store");
    let mut body = answer.into_body();
    assert_eq!(next(&mut body).await, "event: stage\ndata: {\"stage\":\"understanding\"}\n\n");
    go_on.send(()).unwrap();
    assert_eq!(next(&mut body).await, "event: text\ndata: {\"text\":\"Sales\\nwere \"}\n\n");
    let whole = String::from_utf8(ok().body().to_vec()).unwrap();
    assert_eq!(next(&mut body).await, format!("event: answer\ndata: {whole}\n\n"));
    assert!(body.frame().await.is_none(), "the answer is the last event");
}

#[tokio::test]
async fn a_refusal_before_the_first_event_is_answered_as_by_any_route() {
    let refusal = Response::of_error(&ApiError::forbidden("No."), "/v1/chat/stream", "id");
    let answer = answered(|_| async { refusal }).await;
    assert_eq!(answer.status().as_u16(), 403);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(serde_json::from_slice::<Value>(&body).unwrap()["code"], "forbidden");
}

#[tokio::test]
async fn what_goes_wrong_in_mid_stream_is_an_event_with_the_stable_code() {
    for (panics, code) in [(false, "busy"), (true, "internal")] {
        let answer = answered(|progress| async move {
            progress.tell("stage", &json!({"stage": "running"}));
            assert!(!panics, "as a broken route does");
            Response::of_error(&ApiError::unavailable("busy", "Later."), "/v1/chat/stream", "id")
        });
        let mut body = answer.await.into_body();
        assert!(next(&mut body).await.starts_with("event: stage\n"));
        let last = next(&mut body).await;
        let problem = last.strip_prefix("event: error\ndata: ").unwrap();
        assert_eq!(serde_json::from_str::<Value>(problem).unwrap()["code"], code);
        assert!(body.frame().await.is_none());
    }
}

#[tokio::test]
async fn the_work_ends_when_nobody_listens_any_more() {
    let (go_on, wait) = oneshot::channel::<()>();
    let (done, ended) = oneshot::channel::<()>();
    let answer = answered(|progress| async move {
        progress.tell("stage", &json!({"stage": "understanding"}));
        wait.await.unwrap();
        for _ in 0..1_000 {
            progress.tell("text", &json!({"text": "nobody reads this"}));
        }
        done.send(()).unwrap();
        ok()
    })
    .await;
    drop(answer);
    go_on.send(()).unwrap();
    ended.await.unwrap();
}

#[test]
fn nobody_is_believed_who_stands_in_the_event_itself() {
    let event = |fields: Value| {
        json!({
            "version": "2.0", "rawPath": "/v1/chat/stream", "headers": {}, "isBase64Encoded": false,
            "requestContext": {
                "authorizer": {"lambda": fields}, "routeKey": "$default", "timeEpoch": 0,
                "http": {"method": "POST", "path": "/v1/chat/stream"},
            },
        })
    };
    let owner = json!({
        "org_id": uuid::Uuid::nil(), "user_id": uuid::Uuid::nil(), "role": "owner", "email": "o@x.example", "permissions": "",
    });
    let forged = Request::from_event(&event(owner).to_string()).unwrap();
    assert!(forged.principal().is_ok());
    let request = forged.vouched("POST /v1/chat/stream", None);
    assert_eq!(request.principal().unwrap_err().code(), "unauthenticated");
    assert_eq!(request.route(), "POST /v1/chat/stream");
}

#[test]
fn only_the_route_itself_is_answered() {
    let refused = |method, path| {
        let request = RequestBuilder::new(method, path).build();
        request.require_route("POST /v1/chat/stream").err().map(|error| error.code())
    };
    assert_eq!(refused("POST", "/v1/chat/stream"), None);
    assert_eq!(refused("POST", "/v1/chat/stream?x=1"), None);
    assert_eq!(refused("GET", "/v1/chat/stream"), Some("method_not_allowed"));
    for (method, path) in [("POST", "/"), ("POST", "/v1/chat"), ("PUT", "/v1/chat/stream/")] {
        assert_eq!(refused(method, path), Some("route_unknown"), "{method} {path}");
    }
}
