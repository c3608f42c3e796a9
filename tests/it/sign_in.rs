//! Signing in at an identity provider that others wrote, with tokens in bodies and in cookies.

use std::collections::BTreeMap;

use e2e::Stack;
use reqwest::{Client, Method, Response, redirect};
use serde_json::{Value, json};

/// A browser: it keeps cookies, and goes where it is sent by the test alone.
struct Browser {
    stack: Stack,
    http: Client,
    cookies: BTreeMap<String, String>,
    /// `X-Session`.
    session: &'static str,
}

struct Answer {
    status: u16,
    body: Value,
}

impl Browser {
    fn new(session: &'static str) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
        Self { stack: Stack::from_env().unwrap(), http, cookies: BTreeMap::new(), session }
    }

    /// Calls the API with the cookies there are, and these headers.
    async fn call(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.stack.api));
        request = request.header("content-type", "application/json").header("x-session", self.session);
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let response = request.body(text).send().await.unwrap();
        self.keep_cookies(&response);
        let status = response.status().as_u16();
        Answer { status, body: serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null) }
    }

    async fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.call(Method::POST, path, headers, body).await
    }

    fn keep_cookies(&mut self, response: &Response) {
        for cookie in response.headers().get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            assert!(
                cookie.contains("; Path=/; ") && cookie.contains("; Secure; SameSite=Strict"),
                "{cookie}"
            );
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Signs in as this person at the provider: what the page there is called with.
    async fn at_the_provider(&self, url: &str, subject: &str) -> BTreeMap<String, String> {
        assert!(url.starts_with(&self.stack.identity_provider.issuer), "{url}");
        let form = format!("sub={subject}");
        let request = self.http.post(url).header("content-type", "application/x-www-form-urlencoded");
        let response = request.body(form).send().await.unwrap();
        assert_eq!(response.status(), 302);
        let back = response.headers()["location"].to_str().unwrap();
        let back = reqwest::Url::parse(back).unwrap();
        assert!(back.path().ends_with("/sign-in/laptop"), "{back}");
        back.query_pairs().into_owned().collect()
    }

    /// The whole way, with members more in the last request.
    async fn sign_in(&mut self, subject: &str, more: &Value) -> Answer {
        let routes = format!("/v1/auth/oidc/{}", self.stack.identity_provider.id);
        let origin = self.stack.api.clone();
        let begun = self.post(&format!("{routes}/start"), &[("origin", &origin)], &Value::Null).await;
        assert_eq!(begun.status, 200, "{}", begun.body);
        let back = self.at_the_provider(begun.body["authorization_url"].as_str().unwrap(), subject).await;
        let mut body = json!({ "code": back["code"], "state": back["state"] });
        if begun.body["binding"].is_string() {
            body["binding"] = begun.body["binding"].clone();
        }
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(&format!("{routes}/callback"), &[("origin", &origin)], &body).await
    }
}

/// Somebody whom the provider knows, with a verified address.
async fn person(stack: &Stack) -> String {
    let subject = format!("p-{}", uuid::Uuid::now_v7().simple());
    let claims =
        json!({ "email": format!("{subject}@brand.example"), "email_verified": true, "name": "Pia Person" });
    let url = format!("{}/users/{subject}", stack.identity_provider.issuer);
    let request = Client::new().put(url).header("content-type", "application/json").body(claims.to_string());
    assert_eq!(request.send().await.unwrap().status(), 204);
    subject
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_founds_an_organisation_at_a_provider_and_comes_back() {
    let mut browser = Browser::new("body");
    let listed = browser.call(Method::GET, "/v1/auth/providers", &[], &Value::Null).await;
    assert_eq!(listed.body["data"][0]["id"], json!(browser.stack.identity_provider.id));
    let pia = person(&browser.stack).await;
    let unknown = browser.sign_in(&pia, &json!({})).await;
    assert_eq!((unknown.status, &unknown.body["code"]), (401, &json!("identity_unknown")));
    let founded = browser.sign_in(&pia, &json!({ "organization": "Maison Pia" })).await;
    assert_eq!(founded.status, 201, "{}", founded.body);
    let back = browser.sign_in(&pia, &json!({})).await;
    assert_eq!((back.status, &back.body["user"]), (200, &founded.body["user"]));
    let bearer = format!("Bearer {}", back.body["access_token"].as_str().unwrap());
    let authorization = [("authorization", bearer.as_str())];
    let me = browser.call(Method::GET, "/v1/me", &authorization, &Value::Null).await;
    assert_eq!((me.status, &me.body["user"]["email_verified"]), (200, &json!(true)));
    let identities = browser.call(Method::GET, "/v1/me/identities", &authorization, &Value::Null).await;
    let only = &identities.body["data"][0];
    assert_eq!(only["issuer"], json!(browser.stack.identity_provider.issuer));
    let path = format!("/v1/me/identities/{}", only["id"].as_str().unwrap());
    let kept = browser.call(Method::DELETE, &path, &authorization, &Value::Null).await;
    assert_eq!((kept.status, &kept.body["code"]), (409, &json!("last_way_in")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_holds_its_tokens_in_cookies_is_guarded_against_other_pages() {
    let mut browser = Browser::new("cookie");
    let pia = person(&browser.stack).await;
    let founded = browser.sign_in(&pia, &json!({ "organization": "Maison Cookie" })).await;
    assert_eq!(founded.status, 201, "{}", founded.body);
    assert_eq!((&founded.body["access_token"], &founded.body["binding"]), (&Value::Null, &Value::Null));
    let names: Vec<_> = browser.cookies.keys().map(String::as_str).collect();
    assert_eq!(names, ["__Host-access", "__Host-csrf", "__Host-refresh"]);
    assert_eq!(browser.call(Method::GET, "/v1/me", &[], &Value::Null).await.status, 200);

    let (origin, token) = (browser.stack.api.clone(), browser.cookies["__Host-csrf"].clone());
    let role = json!({ "name": "reader", "permissions": ["sales:read"] });
    for headers in [
        &[][..],
        &[("origin", origin.as_str())],
        &[("x-csrf-token", token.as_str())],
        &[("origin", "https://attacker.example"), ("x-csrf-token", &token)],
        &[("origin", &origin), ("x-csrf-token", "x")],
    ] {
        let forged = browser.post("/v1/roles", headers, &role).await;
        assert_eq!((forged.status, &forged.body["code"]), (403, &json!("cross_site_request")), "{headers:?}");
    }
    let both = [("origin", origin.as_str()), ("x-csrf-token", &token)];
    assert_eq!(browser.post("/v1/roles", &both, &role).await.status, 201);

    let forged =
        browser.post("/v1/auth/refresh", &[("origin", "https://attacker.example")], &Value::Null).await;
    assert_eq!((forged.status, &forged.body["code"]), (403, &json!("cross_site_request")));
    let before = browser.cookies["__Host-refresh"].clone();
    let refreshed = browser.post("/v1/auth/refresh", &[("origin", &origin)], &Value::Null).await;
    assert_eq!((refreshed.status, &refreshed.body["csrf_token"]), (200, &json!(token)));
    assert_ne!(browser.cookies["__Host-refresh"], before);

    let access = browser.cookies["__Host-access"].clone();
    assert_eq!(browser.post("/v1/auth/logout", &both, &Value::Null).await.status, 204);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
    browser.cookies.insert("__Host-access".into(), access);
    let ended = browser.call(Method::GET, "/v1/me", &[], &Value::Null).await;
    assert_eq!((ended.status, &ended.body["code"]), (401, &json!("unauthenticated")), "at once");
}
