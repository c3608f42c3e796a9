use domain::{OrgId, UserId};

use super::*;
use crate::{Principal, http::RequestBuilder};

const ORIGIN: &str = "https://shelfline.example";
const TOKEN: &str = "a token of this session";

fn origins() -> Origins {
    Origins::new("https://shelfline.example http://localhost:3000")
}

fn caller() -> Principal {
    Principal {
        org_id: OrgId::new(),
        user_id: UserId::new(),
        key_id: None,
        role: "viewer".into(),
        email: "v@example.com".into(),
        permissions: Vec::new(),
    }
}

fn by_cookie(method: &str) -> RequestBuilder {
    RequestBuilder::new(method, "/v1/uploads").principal(&caller()).by_cookie(TOKEN)
}

fn code(access: Access, request: RequestBuilder) -> Option<&'static str> {
    check(access, &origins(), &request.build()).err().map(|error| error.code())
}

#[test]
fn a_route_for_callers_refuses_whom_nobody_vouched_for_whatever_the_method() {
    for method in ["GET", "HEAD", "OPTIONS", "POST", "DELETE"] {
        let nobody = RequestBuilder::new(method, "/v1/uploads");
        assert_eq!(code(Access::Callers, nobody.clone()), Some("unauthenticated"), "{method}");
        assert_eq!(code(Access::Anybody, nobody), None, "{method}");
    }
}

#[test]
fn a_bearer_needs_no_origin_and_no_token_even_beside_cookies() {
    let bearer = RequestBuilder::new("POST", "/v1/uploads").principal(&caller());
    let bearer = bearer.header("authorization", "Bearer x");
    assert_eq!(code(Access::Callers, bearer.clone()), None);
    assert_eq!(code(Access::Callers, bearer.header("cookie", "__Host-access=stale")), None);
}

#[test]
fn a_cookie_changes_something_only_from_our_pages_and_with_the_token_of_its_session() {
    for method in ["POST", "PUT", "PATCH", "DELETE", "TRACE", "post"] {
        let right = by_cookie(method).header("origin", ORIGIN).header("x-csrf-token", TOKEN);
        assert_eq!(code(Access::Callers, right), None, "{method}");
    }
    let refused = Some("cross_site_request");
    let with = |origin: &str, token: &str| {
        code(Access::Callers, by_cookie("POST").header("origin", origin).header("x-csrf-token", token))
    };
    for origin in [
        "",
        "null",
        "https://attacker.example",
        "http://shelfline.example",
        "https://shelfline.example.attacker.example",
        "https://shelfline.example:8443",
        "https://SHELFLINE.example",
        "https://shelfline.example/",
        "https://shelfline.example,https://attacker.example",
        "https://shelfline.example http://localhost:3000",
    ] {
        assert_eq!(with(origin, TOKEN), refused, "{origin}");
    }
    for token in ["", "another token", "A TOKEN OF THIS SESSION", &csrf_hash(TOKEN)] {
        assert_eq!(with(ORIGIN, token), refused, "{token}");
    }
    assert_eq!(code(Access::Callers, by_cookie("POST").header("x-csrf-token", TOKEN)), refused, "no origin");
    assert_eq!(code(Access::Callers, by_cookie("POST").header("origin", ORIGIN)), refused, "no token");
    let query = RequestBuilder::new("POST", "/v1/uploads?x-csrf-token=a%20token%20of%20this%20session");
    let query = query.principal(&caller()).by_cookie(TOKEN).header("origin", ORIGIN);
    assert_eq!(code(Access::Callers, query), refused, "the token in the query");
    // An Authorization header that the authorizer did not go by changes nothing.
    assert_eq!(code(Access::Callers, by_cookie("POST").header("authorization", "Bearer x")), refused);
}

#[test]
fn reading_with_a_cookie_needs_neither() {
    for method in ["GET", "HEAD"] {
        assert_eq!(code(Access::Callers, by_cookie(method)), None, "{method}");
    }
}

#[test]
fn a_sign_in_that_lives_on_a_cookie_must_come_from_our_pages_and_one_without_may_come_from_anywhere() {
    for cookie in ["__Host-refresh=t", "x=1; __Host-sign-in=t", "__Host-access=a; __Host-access=b"] {
        let request = RequestBuilder::new("POST", "/v1/auth/refresh").header("cookie", cookie);
        assert_eq!(code(Access::Anybody, request.clone()), Some("cross_site_request"), "{cookie}");
        let bearer = request.clone().header("authorization", "Bearer x");
        assert_eq!(code(Access::Anybody, bearer), Some("cross_site_request"), "{cookie}");
        assert_eq!(
            code(Access::Anybody, request.header("origin", "http://localhost:3000")),
            None,
            "{cookie}"
        );
    }
    let foreign = RequestBuilder::new("POST", "/v1/auth/login").header("cookie", "theme=dark");
    assert_eq!(code(Access::Anybody, foreign.header("origin", "https://attacker.example")), None);
}

#[test]
fn a_query_and_headers_longer_than_anybody_needs_are_refused_and_a_long_token_is_the_authorizers() {
    let get = |target: &str| RequestBuilder::new("GET", target);
    assert_eq!(code(Access::Anybody, get(&format!("/v1/health?x={}", "a".repeat(4_094)))), None);
    assert_eq!(
        code(Access::Anybody, get(&format!("/v1/health?x={}", "a".repeat(4_095)))),
        Some("query_too_long")
    );
    let refused = get("/v1/health").header("x-a", &"a".repeat(5_000)).header("x-b", &"b".repeat(5_000));
    assert_eq!(code(Access::Callers, refused), Some("headers_too_large"));
    let token = get("/v1/health").header("authorization", &"x".repeat(1 << 20));
    assert_eq!(code(Access::Anybody, token), None);
}
