use edge::http::{RequestBuilder, Response, answer};
use serde_json::{Value, json};

use crate::{
    logout, refresh,
    setting::{EMAIL, PASSWORD, Setting, principal, registration},
};

const ORIGIN: &str = "https://shelfline.example";

fn asking(request: RequestBuilder) -> RequestBuilder {
    request.header("x-session", "cookie").header("origin", ORIGIN)
}

async fn login(setting: &Setting) -> Response {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let request = asking(RequestBuilder::new("POST", "/v1/auth/login").json(&body));
    answer(&setting.sessions, crate::login::handle, request.build()).await
}

/// Name and value of each cookie that is set.
fn jar(response: &Response) -> Vec<(String, String)> {
    let pair = |cookie: &str| {
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    response.cookies().map(pair).collect()
}

fn value(jar: &[(String, String)], name: &str) -> String {
    jar.iter().find(|(known, _)| known == name).unwrap().1.clone()
}

async fn refreshed(setting: &Setting, token: &str) -> Response {
    let request = RequestBuilder::new("POST", "/v1/auth/refresh");
    let request = request.header("cookie", &format!("__Host-refresh={token}"));
    answer(&setting.sessions, refresh::handle, request.build()).await
}

#[tokio::test]
async fn a_browser_gets_its_tokens_where_no_script_can_read_them() {
    let setting = Setting::new().await;
    setting.registered().await;
    let response = login(&setting).await;
    let names: Vec<_> = response.cookies().map(|cookie| cookie.split('=').next().unwrap()).collect();
    assert_eq!(names, ["__Host-access", "__Host-refresh", "__Host-csrf"]);
    for cookie in response.cookies() {
        assert!(cookie.contains("; Path=/; ") && cookie.contains("; Secure; SameSite=Strict"), "{cookie}");
        assert_eq!(cookie.ends_with("; HttpOnly"), !cookie.starts_with("__Host-csrf"), "{cookie}");
    }
    let (body, jar) = (response.json(), jar(&response));
    assert_eq!(body["csrf_token"], value(&jar, "__Host-csrf"));
    assert_eq!(body["user"]["email"], EMAIL);
    let text = body.to_string();
    for hidden in ["__Host-access", "__Host-refresh"] {
        assert!(!text.contains(&value(&jar, hidden)), "{hidden} stands in the body");
    }
    assert_eq!((&body["access_token"], &body["refresh_token"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn every_way_in_sets_cookies_when_asked_and_another_wish_is_refused() {
    let setting = Setting::new().await;
    let request = RequestBuilder::new("POST", "/v1/auth/register").json(&registration(EMAIL));
    let registered = answer(&setting.registering, crate::register::handle, asking(request).build()).await;
    assert_eq!((registered.status, jar(&registered).len()), (201, 3));
    let plain = setting.login(EMAIL, PASSWORD).await;
    assert_eq!(jar(&plain).len(), 0);
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let odd = RequestBuilder::new("POST", "/v1/auth/login").json(&body).header("x-session", "Cookie");
    let odd = answer(&setting.sessions, crate::login::handle, odd.build()).await;
    assert_eq!((odd.status, odd.json()["code"].as_str()), (400, Some("invalid_session")));
}

#[tokio::test]
async fn a_refresh_token_that_came_in_a_cookie_goes_back_in_one_whatever_is_asked_for() {
    let setting = Setting::new().await;
    setting.registered().await;
    let first = jar(&login(&setting).await);
    let response = refreshed(&setting, &value(&first, "__Host-refresh")).await;
    assert_eq!(response.status, 200);
    let second = jar(&response);
    assert_ne!(value(&second, "__Host-refresh"), value(&first, "__Host-refresh"));
    assert_eq!(value(&second, "__Host-csrf"), value(&first, "__Host-csrf"), "of the same session");
    assert!(!response.json().to_string().contains(&value(&second, "__Host-refresh")));
    let again = refreshed(&setting, &value(&first, "__Host-refresh")).await;
    assert_eq!(again.status, 401, "it was used before");
    let ended = refreshed(&setting, &value(&second, "__Host-refresh")).await;
    assert_eq!(ended.status, 401, "so its session has ended");
    let twice = RequestBuilder::new("POST", "/v1/auth/refresh")
        .header("cookie", "__Host-refresh=a; __Host-refresh=b");
    assert_eq!(answer(&setting.sessions, refresh::handle, twice.build()).await.status, 422);
}

#[tokio::test]
async fn two_sessions_have_different_tokens_against_forgery() {
    let setting = Setting::new().await;
    setting.registered().await;
    let (one, other) = (jar(&login(&setting).await), jar(&login(&setting).await));
    assert_ne!(value(&one, "__Host-csrf"), value(&other, "__Host-csrf"));
    assert_eq!(value(&one, "__Host-csrf").len(), 43);
}

#[tokio::test]
async fn a_browser_that_logs_out_forgets_its_cookies_and_ends_its_session_alone() {
    let setting = Setting::new().await;
    let elsewhere = setting.registered().await;
    let jar = jar(&login(&setting).await);
    let event = json!({ "cookies": [format!("__Host-access={}", value(&jar, "__Host-access"))] });
    let session = setting.authorize_event(event).await["context"]["session_id"].as_str().unwrap().to_owned();
    let request = RequestBuilder::new("POST", "/v1/auth/logout").principal(&principal(&elsewhere));
    let request = request.session(session.parse().unwrap()).by_cookie(&value(&jar, "__Host-csrf"));
    let response = answer(&setting.lookups, logout::handle, request.build()).await;
    assert_eq!(response.status, 204);
    let forgotten: Vec<_> = response.cookies().filter(|cookie| cookie.contains("Max-Age=0")).collect();
    assert_eq!(forgotten.len(), 3, "{forgotten:?}");
    assert_eq!(refreshed(&setting, &value(&jar, "__Host-refresh")).await.status, 401);
    assert!(setting.lives(&elsewhere).await, "the other session goes on");
}
