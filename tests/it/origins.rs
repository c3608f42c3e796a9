//! Pages of ours may call the API from a browser, and no others: origins are compared whole.

use e2e::Stack;
use reqwest::{Client, Method, Response};

/// The two doors: the HTTP API, and the function URL that answers as the answer comes about.
const DOORS: &[(&str, &str)] =
    &[("GET", "/v1/sales"), ("PATCH", "/v1/organization"), ("POST", "/v1/chat/stream")];

/// Pages of others, some of which look like ours.
fn foreign(ours: &str) -> Vec<String> {
    vec![
        "https://evil.example".to_owned(),
        "null".to_owned(),
        "*".to_owned(),
        format!("{ours}.evil.example"),
        format!("{ours}1"),
        format!("{ours}/"),
        format!("{ours},https://evil.example"),
        ours.replace("http://", "https://"),
        ours.replace("127.0.0.1", "localhost"),
        "http://localhost".to_owned(),
        "http://localhost:3000.evil.example".to_owned(),
    ]
}

fn allowed(response: &Response) -> Option<&str> {
    response.headers().get("access-control-allow-origin").map(|origin| origin.to_str().unwrap())
}

#[tokio::test]
async fn a_browser_is_told_to_let_pages_of_ours_call_and_no_others() {
    let (stack, http) = (Stack::from_env().unwrap(), Client::new());
    for (method, path) in DOORS {
        let url = format!("{}{path}", stack.api);
        let preflight = async |origin: &str| {
            let request = http.request(Method::OPTIONS, &url).header("origin", origin);
            let request = request.header("access-control-request-headers", "authorization,content-type");
            request.header("access-control-request-method", *method).send().await.unwrap()
        };
        let call = async |origin: &str| {
            let method: Method = method.parse().unwrap();
            http.request(method, &url).header("origin", origin).send().await.unwrap()
        };
        for ours in [stack.api.as_str(), "http://localhost:3000"] {
            let told = preflight(ours).await;
            assert_eq!(allowed(&told), Some(ours), "{method} {path}");
            assert_eq!(told.headers()["access-control-allow-credentials"], "true", "{method} {path}");
            let methods = told.headers()["access-control-allow-methods"].to_str().unwrap();
            assert!(methods.contains(method), "{method} {path}: {methods}");
            // Without a token: a page must be able to read why it was refused.
            assert_eq!(allowed(&call(ours).await), Some(ours), "{method} {path}");
        }
        for theirs in foreign(&stack.api) {
            assert_eq!(allowed(&preflight(&theirs).await), None, "{method} {path} for {theirs}");
            assert_eq!(allowed(&call(&theirs).await), None, "{method} {path} for {theirs}");
        }
    }
}
