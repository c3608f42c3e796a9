//! Answers that come about in pieces, as clients of the running system meet them.

use e2e::Stack;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

const QUESTION: &str = "What were total sales in March 2025?";

struct Session {
    stack: Stack,
    http: Client,
    token: String,
    cookies: String,
    csrf: String,
}

impl Session {
    /// A new organisation's owner, with a token and with cookies.
    async fn new() -> Self {
        let stack = Stack::from_env().unwrap();
        let http = Client::new();
        let email = format!("stream.{}@example.com", uuid::Uuid::now_v7().simple());
        let password = "violet-harbour-ledger-42";
        let organization = email.replace(['.', '@'], " ");
        let body = json!({ "organization": organization, "email": email, "password": password, "full_name": "Owner" });
        let post = |path: &str, body: &Value| {
            let request =
                http.post(format!("{}{path}", stack.api)).header("content-type", "application/json");
            request.body(body.to_string())
        };
        let registered = post("/v1/auth/register", &body).send().await.unwrap().text().await.unwrap();
        let registered: Value = serde_json::from_str(&registered).unwrap();
        let login = post("/v1/auth/login", &json!({ "email": email, "password": password }));
        let login = login.header("x-session", "cookie").send().await.unwrap();
        let cookies = login.headers().get_all("set-cookie").iter();
        let cookies: Vec<String> =
            cookies.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap().to_owned()).collect();
        let session: Value = serde_json::from_str(&login.text().await.unwrap()).unwrap();
        Self {
            token: registered["access_token"].as_str().unwrap().to_owned(),
            csrf: session["csrf_token"].as_str().unwrap().to_owned(),
            cookies: cookies.join("; "),
            stack,
            http,
        }
    }

    fn ask(&self, path: &str) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.stack.api));
        let body = json!({ "question": QUESTION }).to_string();
        request.header("content-type", "application/json").body(body)
    }
}

/// Status, headers that matter, and the text.
async fn answer(request: RequestBuilder) -> (u16, String, String) {
    let response = request.send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    (response.status().as_u16(), kind, response.text().await.unwrap())
}

#[tokio::test]
async fn a_stream_ends_with_the_answer_of_the_plain_route() {
    let session = Session::new().await;
    let (status, _, plain) = answer(session.ask("/v1/chat").bearer_auth(&session.token)).await;
    assert_eq!(status, 200, "{plain}");
    let (status, kind, text) = answer(session.ask("/v1/chat/stream").bearer_auth(&session.token)).await;
    assert_eq!((status, kind.as_str()), (200, "text/event-stream"), "{text}");
    let events: Vec<(&str, Value)> = text
        .split_terminator("\n\n")
        .map(|event| {
            let (name, data) = event.split_once("\ndata: ").unwrap();
            (name.strip_prefix("event: ").unwrap(), serde_json::from_str(data).unwrap())
        })
        .collect();
    assert_eq!(events[0], ("stage", json!({ "stage": "understanding" })));
    let words: String = events.iter().filter_map(|(_, data)| data["text"].as_str()).collect();
    let (last, told) = events.last().unwrap();
    let mut plain: Value = serde_json::from_str(&plain).unwrap();
    for id in ["conversation_id", "message_id", "took_ms"] {
        plain[id] = told[id].clone();
    }
    assert_eq!((*last, told), ("answer", &plain));
    assert_eq!(words, plain["answer"].as_str().unwrap());
}

#[tokio::test]
async fn the_edge_of_streams_knows_its_callers_as_the_other_one_does() {
    let session = Session::new().await;
    let stream = || session.ask("/v1/chat/stream");
    let by_cookie = || stream().header("cookie", &session.cookies);
    let from_us = || by_cookie().header("origin", &session.stack.api);
    for (request, status, code) in [
        (stream(), 401, "unauthenticated"),
        (stream().bearer_auth("no token"), 401, "unauthenticated"),
        (from_us().bearer_auth("no token"), 401, "unauthenticated"),
        (by_cookie().header("x-csrf-token", &session.csrf), 403, "cross_site_request"),
        (from_us(), 403, "cross_site_request"),
        (from_us().header("x-csrf-token", "another"), 403, "cross_site_request"),
        (stream().bearer_auth(&session.token).header("x-long", "x".repeat(9_000)), 431, "headers_too_large"),
    ] {
        let (answered, kind, text) = answer(request).await;
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        assert_eq!((answered, problem["code"].as_str()), (status, Some(code)), "{text}");
        assert_eq!(kind, "application/problem+json");
    }
    let (status, kind, _) = answer(from_us().header("x-csrf-token", &session.csrf)).await;
    assert_eq!((status, kind.as_str()), (200, "text/event-stream"));
}
