//! Errors of the edge itself, and the errors an API route answers with.

use std::collections::BTreeMap;

use lambda_http::http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;

/// What can go wrong while a function starts.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("missing configuration: {}", names.join(", "))]
    MissingConfig { names: Vec<String> },
    #[error("secret {arn} cannot be read")]
    SecretUnreadable {
        arn: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The cause is left out on purpose: it would quote the secret.
    #[error("secret {arn} does not have the expected JSON shape")]
    SecretShape { arn: String },
}

/// One input at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldError {
    /// JSON pointer into the body (`/email`), or the name of a query parameter.
    pub pointer: String,
    /// Stable, `snake_case`.
    pub code: String,
    /// For people.
    pub message: String,
}

impl FieldError {
    #[must_use]
    pub fn new(pointer: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: code.into(), message: message.into() }
    }
}

/// Why a request is refused: a status, a stable code and a sentence for people.
///
/// Deliberately not a `std::error::Error`, so that `?` can turn every real error into a 500.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    fields: Vec<FieldError>,
    headers: Vec<(&'static str, String)>,
    /// Boxed: errors are returned by value everywhere.
    member: Option<Box<(&'static str, String)>>,
    cause: Option<anyhow::Error>,
}

impl ApiError {
    /// 400: the request cannot be understood.
    #[must_use]
    pub fn bad_request(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 400: a parameter of the query is at fault.
    #[must_use]
    pub fn invalid_query(field: FieldError) -> Self {
        Self::bad_request("invalid_query", field.message.clone()).with_fields(vec![field])
    }

    /// 401: no valid proof of who calls.
    #[must_use]
    pub fn unauthorized(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail).with_header("www-authenticate", "Bearer")
    }

    /// 403: the caller is known and may not.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// 403: a browser sent it, and not for a page of ours.
    #[must_use]
    pub fn cross_site(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "cross_site_request", detail)
    }

    /// 404: no such thing, or another tenant's.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing here under this id.")
    }

    /// 404: no route has this path.
    #[must_use]
    pub fn route_unknown() -> Self {
        let detail = "There is no such route; GET /v1/openapi.json lists them.";
        Self::new(StatusCode::NOT_FOUND, "route_unknown", detail)
    }

    /// 405: the path has other methods.
    #[must_use]
    pub fn method_not_allowed(allowed: &str) -> Self {
        let detail = format!("This path is called with {allowed}.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).with_header("allow", allowed)
    }

    /// 409: the request contradicts the present state.
    #[must_use]
    pub fn conflict(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, detail)
    }

    /// 412: the thing has changed since the caller read it.
    #[must_use]
    pub fn precondition_failed() -> Self {
        let detail = "This was changed since you read it: read it again.";
        Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", detail)
    }

    /// 413: the body is larger than the route takes.
    #[must_use]
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    }

    /// 414.
    #[must_use]
    pub fn query_too_long(most: usize) -> Self {
        let detail = format!("A query has at most {most} bytes.");
        Self::new(StatusCode::URI_TOO_LONG, "query_too_long", detail)
    }

    /// 431.
    #[must_use]
    pub fn headers_too_large(most: usize) -> Self {
        let detail = format!("All headers together have at most {most} bytes.");
        Self::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", detail)
    }

    /// 422: understood, but the values cannot be used.
    #[must_use]
    pub fn unprocessable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }

    /// 422 `validation_failed` with every field at fault.
    #[must_use]
    pub fn validation(fields: Vec<FieldError>) -> Self {
        Self::unprocessable("validation_failed", "Some values cannot be used; see fields.")
            .with_fields(fields)
    }

    /// 422 `validation_failed` for one field.
    #[must_use]
    pub fn field(pointer: impl Into<String>, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::validation(vec![FieldError::new(pointer, code, message)])
    }

    /// 422: the `Idempotency-Key` belongs to another request.
    #[must_use]
    pub fn idempotency_key_reused() -> Self {
        let detail = "This Idempotency-Key was used with another body.";
        Self::unprocessable("idempotency_key_reused", detail)
    }

    /// 428: a change must say which state of the thing it is made for.
    #[must_use]
    pub fn precondition_required() -> Self {
        let detail = "Send If-Match with the ETag of what you read.";
        Self::new(StatusCode::PRECONDITION_REQUIRED, "precondition_required", detail)
    }

    /// 429.
    #[must_use]
    pub fn too_many_requests(retry_after_s: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests; try again later.")
            .with_header("retry-after", retry_after_s.to_string())
    }

    /// 429: the organisation has used up what it may in a day or month.
    #[must_use]
    pub fn quota_exceeded(detail: impl Into<String>, retry_after_s: i64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "quota_exceeded", detail)
            .with_header("retry-after", retry_after_s.to_string())
    }

    /// 503: something we depend on does not answer.
    #[must_use]
    pub fn unavailable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail)
    }

    /// 500. The cause is logged once, at the edge, and never leaves.
    #[must_use]
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        let detail = "Something went wrong on our side; the request id helps us find it.";
        let error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail);
        Self { cause: Some(cause.into()), ..error }
    }

    /// Names the inputs at fault.
    #[must_use]
    pub fn with_fields(self, fields: Vec<FieldError>) -> Self {
        Self { fields, ..self }
    }

    /// A member more in the body (RFC 9457, 3.2), for programs to go on with.
    #[must_use]
    pub fn with_member(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.member = Some(Box::new((name, value.into())));
        self
    }

    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    pub(crate) fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    pub(crate) fn cause(&self) -> Option<&anyhow::Error> {
        self.cause.as_ref()
    }

    /// The RFC 9457 body.
    pub(crate) fn problem<'a>(&'a self, instance: &'a str, request_id: &'a str) -> Problem<'a> {
        Problem {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: &self.detail,
            instance,
            code: self.code,
            request_id,
            fields: &self.fields,
            member: self.member.iter().map(|member| (member.0, member.1.as_str())).collect(),
        }
    }

    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            fields: Vec::new(),
            headers: Vec::new(),
            member: None,
            cause: None,
        }
    }

    fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl<E: Into<anyhow::Error>> From<E> for ApiError {
    fn from(cause: E) -> Self {
        let cause = cause.into();
        // The edge has forgotten a check: the answer is the same, and the logs and the audit trail say who refused.
        if cause.downcast_ref().is_some_and(data::Error::is_denied) {
            let error = Self::forbidden("This needs a permission that you do not have.");
            return Self { cause: Some(cause), ..error };
        }
        Self::internal(cause)
    }
}

/// `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    code: &'static str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    fields: &'a [FieldError],
    #[serde(flatten)]
    member: BTreeMap<&'static str, &'a str>,
}
