//! What a route answers.

use std::borrow::Cow;

use lambda_http::{
    Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode},
};
use schemars::JsonSchema;
use serde::Serialize;

use super::SetCookie;
use crate::ApiError;

/// The one header that an answer may have several of.
const SET_COOKIE: &str = "set-cookie";

/// The body of an answer that says no more than that something will be done.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Accepted {
    status: &'static str,
}

impl Default for Accepted {
    fn default() -> Self {
        Self { status: "accepted" }
    }
}

/// A successful answer. The constructors that serialise return a `Result`, so that each can end a handler.
#[derive(Debug, Clone)]
pub struct Reply {
    status: StatusCode,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

impl Reply {
    /// 200 with JSON.
    pub fn ok<T: Serialize + ?Sized>(value: &T) -> Result<Self, ApiError> {
        Self::json(StatusCode::OK, value)
    }

    /// 201 with JSON.
    pub fn created<T: Serialize + ?Sized>(value: &T) -> Result<Self, ApiError> {
        Self::json(StatusCode::CREATED, value)
    }

    /// 202 with JSON.
    pub fn accepted<T: Serialize + ?Sized>(value: &T) -> Result<Self, ApiError> {
        Self::json(StatusCode::ACCEPTED, value)
    }

    /// JSON with any status, for example the 503 of a health check or a stored answer.
    pub fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Result<Self, ApiError> {
        let headers = vec![("content-type", "application/json".to_owned())];
        Ok(Self { status, headers, body: Body::from(serde_json::to_string(value)?) })
    }

    /// 200 with a text that is there already.
    #[must_use]
    pub fn text(content_type: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self { status: StatusCode::OK, headers, body: Body::from(text.into()) }
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), body: Body::Empty }
    }

    /// 304: what the caller has is still true. Goes with the `ETag` that says so.
    #[must_use]
    pub fn not_modified() -> Self {
        Self { status: StatusCode::NOT_MODIFIED, headers: Vec::new(), body: Body::Empty }
    }

    /// 302: what was asked for lies there. Nobody keeps the way, which may end.
    #[must_use]
    pub fn found(url: impl Into<String>) -> Self {
        let headers = vec![("location", url.into()), ("cache-control", "no-store".to_owned())];
        Self { status: StatusCode::FOUND, headers, body: Body::Empty }
    }

    /// 200 with a download.
    #[must_use]
    pub fn file(content_type: &'static str, file_name: &str, bytes: Vec<u8>) -> Self {
        let headers = vec![
            ("content-type", content_type.to_owned()),
            ("content-disposition", format!("attachment; filename=\"{}\"", plain_name(file_name))),
        ];
        Self { status: StatusCode::OK, headers, body: Body::from(bytes) }
    }

    /// The same answer with a header more; it takes the place of one that every answer has.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same answer with a cookie more.
    #[must_use]
    pub fn with_cookie(self, cookie: &SetCookie) -> Self {
        self.with_header(SET_COOKIE, cookie.header())
    }

    /// The same answer with the `ETag` of this version; a change names it in `If-Match`.
    #[must_use]
    pub fn with_version(self, version: i32) -> Self {
        self.with_header("etag", super::request::entity_tag(version))
    }

    /// The body of a 200, where it is a text.
    #[must_use]
    pub fn ok_text(&self) -> Option<&str> {
        match &self.body {
            Body::Text(text) if self.status == StatusCode::OK => Some(text),
            _ => None,
        }
    }

    pub(super) fn status(&self) -> u16 {
        self.status.as_u16()
    }
}

/// A name that cannot break out of its header: a user may have chosen it.
fn plain_name(name: &str) -> String {
    let plain =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' };
    name.chars().take(120).map(plain).collect()
}

/// Status, headers and body as they leave the function.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    headers: HeaderMap,
    body: Body,
}

/// On every answer: it is data for programs, never a page, never cached, never sniffed.
const SECURITY_HEADERS: [(&str, &str); 5] = [
    ("cache-control", "no-store"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
    ("referrer-policy", "no-referrer"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("x-content-type-options", "nosniff"),
];

impl Response {
    pub(super) fn of_reply(reply: Reply, request_id: &str) -> Self {
        Self::new(reply.status, &reply.headers, reply.body, request_id)
    }

    pub(super) fn of_error(error: &ApiError, path: &str, request_id: &str) -> Self {
        let mut headers = vec![("content-type", "application/problem+json".to_owned())];
        headers.extend_from_slice(error.headers());
        // A problem is plain texts and numbers: it always serialises.
        let body = serde_json::to_string(&error.problem(path, request_id)).unwrap_or_default();
        Self::new(error.status(), &headers, Body::from(body), request_id)
    }

    fn new(status: StatusCode, own: &[(&'static str, String)], body: Body, request_id: &str) -> Self {
        let fixed = SECURITY_HEADERS.iter().map(|(name, value)| (*name, *value));
        let own = own.iter().map(|(name, value)| (*name, value.as_str()));
        let mut headers = HeaderMap::new();
        for (name, value) in fixed.chain([("x-request-id", request_id)]).chain(own) {
            // Values are made of printable ASCII above; one that is not is left out rather than sent.
            let Ok(value) = HeaderValue::from_str(value) else { continue };
            if name == SET_COOKIE {
                headers.append(HeaderName::from_static(name), value);
            } else {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        Self { status: status.as_u16(), headers, body }
    }

    /// The same with a header more.
    pub(super) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// A header by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The cookies it sets, in order.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok())
    }

    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body read as JSON; `null` when it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(super) fn into_http(self) -> lambda_http::Response<Body> {
        let mut response = lambda_http::Response::new(self.body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        *response.headers_mut() = self.headers;
        response
    }
}
