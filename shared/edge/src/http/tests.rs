use domain::{OrgId, UploadId, UserId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::*;
use crate::{Permission, Principal, page::Limit};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    vendor: Option<String>,
    #[serde(default)]
    limit: Limit,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape matters")]
struct Body {
    name: String,
    size_bytes: u64,
    items: Option<Vec<Item>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape matters")]
struct Item {
    id: u8,
}

fn viewer() -> Principal {
    Principal {
        org_id: OrgId::new(),
        user_id: UserId::new(),
        key_id: None,
        role: "viewer".into(),
        email: "v@example.com".into(),
        permissions: vec![Permission::SalesRead, Permission::UploadsRead],
    }
}

fn get(target: &str) -> RequestBuilder {
    RequestBuilder::new("GET", target)
}

fn fault<T: std::fmt::Debug>(result: Result<T, ApiError>) -> (u16, &'static str, String, String) {
    let error = result.unwrap_err();
    let field = error.fields().first().cloned().unwrap_or(crate::FieldError::new("-", "-", ""));
    (error.status().as_u16(), error.code(), field.pointer, field.code)
}

fn of(status: u16, code: &'static str, pointer: &str, field: &str) -> (u16, &'static str, String, String) {
    (status, code, pointer.into(), field.into())
}

#[test]
fn a_query_is_typed_and_empty_values_are_absent() {
    let query: Query = get("/v1/x?vendor=a%20%26+b&limit=7").build().query().unwrap();
    assert_eq!((query.vendor.as_deref(), query.limit.get()), (Some("a & b"), 7));
    let query: Query = get("/v1/x?vendor=&limit=").build().query().unwrap();
    assert_eq!((query.vendor, query.limit.get()), (None, 50));
    let query: Query = get("/v1/x").build().query().unwrap();
    assert_eq!((query.vendor, query.limit.get()), (None, 50));
}

#[test]
fn a_query_at_fault_names_the_parameter() {
    let query = |target: &str| fault(get(target).build().query::<Query>());
    assert_eq!(query("/v1/x?colour=1"), of(400, "invalid_query", "colour", "unknown"));
    assert_eq!(query("/v1/x?limit=0"), of(400, "invalid_query", "limit", "invalid"));
    assert_eq!(query("/v1/x?limit=101"), of(400, "invalid_query", "limit", "invalid"));
    assert_eq!(query("/v1/x?limit=ten"), of(400, "invalid_query", "limit", "invalid"));
    assert_eq!(query("/v1/x?limit=1&limit=2"), of(400, "invalid_query", "limit", "duplicate"));
}

#[test]
fn a_body_at_fault_names_the_field() {
    let body = |text: &str| fault(get("/").text(text).build().json::<Body>());
    let invalid = |pointer: &str, code: &str| of(422, "validation_failed", pointer, code);
    assert_eq!(body(""), of(400, "malformed_json", "-", "-"));
    assert_eq!(body("{\"name\":"), of(400, "malformed_json", "-", "-"));
    assert_eq!(body(r#"{"name": "a", "size_bytes": 1} x"#), of(400, "malformed_json", "-", "-"));
    assert_eq!(body(&"[".repeat(100_000)), of(400, "json_too_deep", "-", "-"));
    assert_eq!(body("{}"), invalid("/name", "required"));
    assert_eq!(body(r#"{"name": 1}"#), invalid("/name", "invalid"));
    assert_eq!(body(r#"{"name": "a", "size_bytes": -1}"#), invalid("/size_bytes", "invalid"));
    assert_eq!(body(r#"{"name": "a", "extra": 1}"#), invalid("/extra", "unknown"));
    assert_eq!(body(r#"{"name": "a", "items": [{"id": 1}, {}]}"#), invalid("/items/1/id", "required"));
    assert_eq!(body(r#"{"name": "a", "items": [{"id": "1"}]}"#), invalid("/items/0/id", "invalid"));
    assert_eq!(body(r#"{"name": "a", "items": [{"od": "1"}]}"#), invalid("/items/0/od", "unknown"));
}

#[test]
fn a_malformed_id_is_not_found() {
    let id = UploadId::new();
    assert_eq!(get("/").path("id", id).build().path::<UploadId>("id").unwrap(), id);
    assert_eq!(get("/").path("id", "1 OR 1=1").build().path::<UploadId>("id").unwrap_err().status(), 404);
    assert_eq!(get("/").build().path::<UploadId>("id").unwrap_err().status(), 404);
}

#[test]
fn without_a_caller_401_and_without_the_right_403() {
    let principal = viewer();
    let request = get("/").principal(&principal).build();
    assert_eq!(request.require(Permission::SalesRead).unwrap(), principal);
    assert_eq!(request.require(Permission::UploadsWrite).unwrap_err().status(), 403);
    assert_eq!(get("/").build().require(Permission::SalesRead).unwrap_err().status(), 401);
}

#[test]
fn a_plain_request_id_is_echoed_and_another_is_replaced() {
    assert_eq!(get("/").header("X-Request-Id", "client-7f:1").build().id().as_str(), "client-7f:1");
    for odd in ["", "a b", "a\u{e9}", &"x".repeat(129)] {
        let request = get("/").header("x-request-id", odd).build();
        assert!(request.id().as_str().parse::<uuid::Uuid>().is_ok(), "{odd}");
    }
}

#[test]
fn a_body_too_long_or_too_deep_is_refused_before_it_is_read() {
    let read = |body: String| get("/").text(&body).build().json::<Value>();
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(nested(32)).is_ok());
    for levels in [33, 100_000] {
        let error = read(nested(levels)).unwrap_err();
        assert_eq!((error.status().as_u16(), error.code()), (400, "json_too_deep"), "{levels}");
    }
    // Brackets in texts are no nesting.
    assert!(read(json!({ "a": "[".repeat(100), "b": "\\\"[[{{".repeat(50) }).to_string()).is_ok());
    assert_eq!(read(format!("\"{}\"", "x".repeat(2 << 20))).unwrap_err().status(), 413);
}

#[test]
fn the_session_of_the_access_token_is_known() {
    let session = domain::SessionId::new();
    let caller = get("/").principal(&viewer());
    assert_eq!(caller.clone().session(session).build().session_id(), Some(session));
    assert_eq!(caller.build().session_id(), None);
    assert_eq!(get("/").build().session_id(), None);
}

#[test]
fn a_change_names_the_version_it_is_made_for() {
    let given = |tag: &str| get("/").header("if-match", tag).build().if_match(3);
    for tag in ["\"3\"", "\"2\", \"3\"", "*"] {
        assert!(given(tag).is_ok(), "{tag}");
    }
    for tag in ["\"2\"", "3", "W/\"3\"", "", "\"33\""] {
        assert_eq!(given(tag).unwrap_err().status(), 412, "{tag}");
    }
    assert_eq!(get("/").build().if_match(3).unwrap_err().status(), 428);
}

#[tokio::test]
async fn an_error_may_bring_what_to_go_on_with() {
    let response =
        respond(|| Err(ApiError::unauthorized("mfa_required", "Go on.").with_member("mfa_token", "t"))).await;
    let body = response.json();
    assert_eq!(
        (&body["code"], &body["mfa_token"], &body["status"]),
        (&json!("mfa_required"), &json!("t"), &json!(401))
    );
}

#[tokio::test]
async fn a_header_of_the_reply_takes_the_place_of_the_usual_one() {
    let cached = || Ok(Reply::ok(&json!({}))?.with_header("cache-control", "public, max-age=300"));
    assert_eq!(respond(cached).await.header("cache-control"), Some("public, max-age=300"));
}

async fn respond(result: impl Fn() -> Result<Reply, ApiError>) -> Response {
    let request = get("/v1/things/1?x=secret").header("x-request-id", "r1").build();
    answer(&(), async |(), _| result(), request).await
}

#[tokio::test]
async fn a_reply_carries_security_headers_and_the_request_id() {
    let response = respond(|| Reply::created(&json!({"id": 1}))).await;
    assert_eq!((response.status, response.json()), (201, json!({"id": 1})));
    assert_eq!(response.header("x-request-id"), Some("r1"));
    for (name, value) in [
        ("cache-control", "no-store"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
        ("referrer-policy", "no-referrer"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(response.header(name), Some(value));
        assert_eq!(respond(|| Err(ApiError::not_found())).await.header(name), Some(value));
    }
    let empty = respond(|| Ok(Reply::no_content())).await;
    assert_eq!((empty.status, empty.body().len(), empty.header("content-type")), (204, 0, None));
}

#[tokio::test]
async fn every_refusal_is_a_problem_with_code_and_request_id() {
    let response = respond(|| Err(ApiError::field("/email", "invalid", "not an address"))).await;
    assert_eq!(response.header("content-type"), Some("application/problem+json"));
    insta::assert_json_snapshot!(response.json(), @r#"
    {
      "code": "validation_failed",
      "detail": "Some values cannot be used; see fields.",
      "fields": [
        {
          "code": "invalid",
          "message": "not an address",
          "pointer": "/email"
        }
      ],
      "instance": "/v1/things/1",
      "request_id": "r1",
      "status": 422,
      "title": "Unprocessable Entity",
      "type": "about:blank"
    }
    "#);
    let limited = respond(|| Err(ApiError::too_many_requests(30))).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, Some("30")));
    let unknown = respond(|| Err(ApiError::unauthorized("unauthenticated", "No token."))).await;
    assert_eq!((unknown.status, unknown.header("www-authenticate")), (401, Some("Bearer")));
}

#[tokio::test]
async fn internal_errors_and_panics_answer_500_without_their_text() {
    let failed = respond(|| Ok(Err(anyhow::anyhow!("password=hunter2"))?)).await;
    let panicked = respond(|| panic!("password=hunter2")).await;
    for response in [failed, panicked] {
        assert_eq!((response.status, &response.json()["code"]), (500, &json!("internal")));
        assert!(!String::from_utf8_lossy(response.body()).contains("hunter2"));
    }
}

#[tokio::test]
async fn a_file_name_cannot_break_out_of_its_header() {
    let response =
        respond(|| Ok(Reply::file("text/csv", "a\"\r\nset-cookie: x=é.csv", b"a;b".to_vec()))).await;
    assert_eq!(
        response.header("content-disposition"),
        Some("attachment; filename=\"a___set-cookie_ x__.csv\"")
    );
    assert_eq!(response.body(), b"a;b");
}

#[test]
fn a_base64_body_is_decoded() {
    let event = json!({
        "version": "2.0", "rawPath": "/v1/x", "rawQueryString": "", "headers": {},
        "requestContext": {"http": {"method": "POST", "path": "/v1/x"}, "stage": "$default", "timeEpoch": 0},
        "body": "YSxiCg==", "isBase64Encoded": true,
    });
    assert_eq!(Request::from_event(&event.to_string()).unwrap().body(), b"a,b\n");
}
