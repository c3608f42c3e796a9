//! Requests for tests.

use domain::SessionId;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Request;
use crate::Principal;

/// Builds the event API Gateway would send and reads it back, so that tests take the path of real requests.
#[derive(Debug, Clone)]
pub struct RequestBuilder {
    method: String,
    path: String,
    query: String,
    headers: Map<String, Value>,
    path_parameters: Map<String, Value>,
    authorizer: Value,
    body: Value,
}

impl RequestBuilder {
    /// A request such as `RequestBuilder::new("GET", "/v1/uploads?limit=2")`.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: Map::new(),
            path_parameters: Map::new(),
            authorizer: Value::Null,
            body: Value::Null,
        }
    }

    /// The caller the authorizer vouched for.
    #[must_use]
    pub fn principal(mut self, principal: &Principal) -> Self {
        let words: Vec<&str> = principal.permissions.iter().map(|permission| permission.as_str()).collect();
        self.authorizer = json!({"lambda": {
            "org_id": principal.org_id,
            "user_id": principal.user_id,
            "role": principal.role,
            "email": principal.email,
            "permissions": words.join(" "),
        }});
        if let Some(key) = principal.key_id {
            self.authorizer["lambda"]["key_id"] = json!(key);
        }
        self
    }

    /// The session of the caller's access token; call it after `principal`.
    #[must_use]
    pub fn session(mut self, session: SessionId) -> Self {
        self.authorizer["lambda"]["session_id"] = json!(session);
        self
    }

    /// What the authorizer adds when a cookie brought the token; call it after `principal`.
    #[must_use]
    pub fn by_cookie(mut self, csrf_token: &str) -> Self {
        self.authorizer["lambda"]["csrf"] = json!(super::csrf_hash(csrf_token));
        self
    }

    /// The value of `{name}` in the route.
    #[must_use]
    pub fn path(mut self, name: &str, value: impl ToString) -> Self {
        self.path_parameters.insert(name.to_owned(), value.to_string().into());
        self
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_lowercase(), value.into());
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &impl Serialize) -> Self {
        let text = serde_json::to_string(body).unwrap_or_default();
        self.header("content-type", "application/json").text(&text)
    }

    /// A body as text.
    #[must_use]
    pub fn text(mut self, body: &str) -> Self {
        self.body = body.into();
        self
    }

    /// # Panics
    /// When the parts do not make an event, which is the test's mistake.
    #[must_use]
    #[expect(clippy::expect_used, reason = "only tests build requests")]
    pub fn build(self) -> Request {
        let event = json!({
            "version": "2.0",
            "routeKey": format!("{} {}", self.method, self.path),
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": self.headers,
            "pathParameters": self.path_parameters,
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "api",
                "authorizer": self.authorizer,
                "http": {
                    "method": self.method,
                    "path": self.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                    "userAgent": "test",
                },
                "requestId": "gateway-request",
                "routeKey": format!("{} {}", self.method, self.path),
                "stage": "$default",
                "time": "01/Jan/2026:00:00:00 +0000",
                "timeEpoch": 1_767_225_600_000_u64,
            },
            "body": self.body,
            "isBase64Encoded": false,
        });
        Request::from_event(&event.to_string()).expect("an API Gateway event")
    }
}
