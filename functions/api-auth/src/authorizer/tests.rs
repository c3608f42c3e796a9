use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::Utc;
use domain::UserId;
use edge::http::{RequestBuilder, answer, csrf_hash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::setting::{
    EMAIL, KID, PASSWORD, SEED, Setting, principal, public_key, registration, session_id, token,
};

const DENIED: &str = r#"{"context":{"caller":"nobody"},"isAuthorized":true}"#;
/// What an owner may.
const OWNERS: &str = "analytics:read audit:read catalogue:write costs:read emails:read keys:manage originals:read reports:read reports:write roles:manage \
    sales:read uploads:approve uploads:read uploads:write users:manage vendors:read vendors:write";

async fn decide(setting: &Setting, token: &str) -> String {
    setting.authorize(&format!("Bearer {token}")).await.to_string()
}

fn access_token(session: &Value) -> &str {
    session["access_token"].as_str().unwrap()
}

fn header() -> Value {
    json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": KID })
}

/// Claims that are right in everything for the owner of the session.
fn claims(session: &Value) -> Value {
    let now = Utc::now().timestamp();
    json!({
        "iss": "shelfline", "aud": "shelfline-api", "sub": session["user"]["id"],
        "org": session["organization"]["id"], "sid": session_id(session), "role": "owner", "ver": 1, "iat": now, "nbf": now, "exp": now + 600,
    })
}

/// The object with one member set, or without it when the value is null.
fn with(object: &Value, member: &str, value: &Value) -> Value {
    let mut object = object.clone();
    object[member] = value.clone();
    if value.is_null() {
        object.as_object_mut().unwrap().remove(member);
    }
    object
}

#[tokio::test]
async fn the_token_of_a_login_lets_its_user_in() {
    let setting = Setting::new().await;
    setting.registered().await;
    let session = setting.login(EMAIL, PASSWORD).await.json();
    for scheme in ["Bearer", "bearer"] {
        let answer = setting.authorize(&format!("{scheme} {}", access_token(&session))).await;
        let context = json!({
            "org_id": session["organization"]["id"], "user_id": session["user"]["id"],
            "session_id": session_id(&session), "role": "owner", "email": EMAIL,
            "permissions": OWNERS,
        });
        assert_eq!(answer, json!({ "isAuthorized": true, "context": context }));
    }
}

#[tokio::test]
async fn a_disabled_user_a_raised_version_and_a_retired_key_end_a_token() {
    for statement in [
        "UPDATE users SET disabled_at = now()",
        "UPDATE users SET token_version = token_version + 1",
        "UPDATE sessions SET ended_at = now()",
        "UPDATE signing_keys SET retired_at = now()",
        "DELETE FROM signing_keys",
    ] {
        let setting = Setting::new().await;
        let session = setting.registered().await;
        assert_ne!(decide(&setting, access_token(&session)).await, DENIED);
        setting.execute(statement).await;
        assert_eq!(decide(&setting, access_token(&session)).await, DENIED, "{statement}");
    }
}

#[tokio::test]
async fn the_role_is_that_of_today_and_not_that_of_the_token() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    setting.execute("UPDATE users SET role = 'viewer'").await;
    let answer = setting.authorize(&format!("Bearer {}", access_token(&session))).await;
    assert_eq!(answer["context"]["role"], "viewer");
}

#[tokio::test]
async fn a_user_is_let_into_no_other_organisation() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let other = setting.register(&registration("b@other.example")).await.json();
    let mixed = with(&claims(&session), "org", &other["organization"]["id"]);
    assert_eq!(decide(&setting, &token(&header(), &mixed, SEED)).await, DENIED);
    let nobody = with(&claims(&session), "sub", &json!(UserId::new()));
    assert_eq!(decide(&setting, &token(&header(), &nobody, SEED)).await, DENIED);
    assert_ne!(principal(&session).org_id, principal(&other).org_id);
}

/// Tokens whose header lies, with right claims.
fn hostile_headers(claims: &Value) -> Vec<(&'static str, String)> {
    const ATTACKER: [u8; 32] = [66; 32];
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(
        ed25519_dalek::SigningKey::from_bytes(&ATTACKER).verifying_key().to_bytes()) });
    let ours = |member: &str, value: Value| token(&with(&header(), member, &value), claims, SEED);
    let theirs = |member: &str, value: Value| token(&with(&header(), member, &value), claims, ATTACKER);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let theirs_without_kid =
        || token(&with(&with(&header(), "kid", &Value::Null), "jwk", &jwk), claims, ATTACKER);
    // The first `alg` is ours, the second one is what a careless reader takes.
    let twice = |claims: &Value| {
        let header = format!(r#"{{"typ":"at+jwt","kid":"{KID}","alg":"EdDSA","alg":"none"}}"#);
        format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), part(claims))
    };
    let unsigned = |alg: &str| format!("{}.{}.", part(&with(&header(), "alg", &json!(alg))), part(claims));
    let hmac = |key: &[u8]| {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some(KID.into());
        encode(&header, claims, &EncodingKey::from_secret(key)).unwrap()
    };
    vec![
        ("alg none", unsigned("none")),
        ("alg None", unsigned("None")),
        ("alg none with a signature", ours("alg", json!("none"))),
        ("alg EdDSA without a signature", unsigned("EdDSA")),
        ("HS256 with the public key as secret", hmac(&public_key())),
        ("HS256 with the public key in base64 as secret", hmac(STANDARD.encode(public_key()).as_bytes())),
        ("HS256 with an empty secret", hmac(b"")),
        ("alg HS256 over our signature", ours("alg", json!("HS256"))),
        ("alg ES256 over our signature", ours("alg", json!("ES256"))),
        ("no alg", ours("alg", Value::Null)),
        ("alg as a list", ours("alg", json!(["EdDSA"]))),
        ("signed by somebody else", theirs("kid", json!(KID))),
        ("a key id nobody has", ours("kid", json!("2020-01"))),
        ("no key id", ours("kid", Value::Null)),
        ("an empty key id", ours("kid", json!(""))),
        ("a key id as a number", ours("kid", json!(1))),
        ("a key id that is a path", ours("kid", json!("../../../../dev/null"))),
        ("a key id that leads to our key by a path", ours("kid", json!(format!("x/../{KID}")))),
        ("a key id that is SQL", ours("kid", json!("x' OR '1'='1"))),
        ("a key id with a NUL", ours("kid", json!(format!("{KID}\u{0}")))),
        ("its own key as jwk", theirs("jwk", jwk.clone())),
        ("its own key by jku", theirs("jku", json!("https://attacker.example/jwks.json"))),
        ("its own key by x5u", theirs("x5u", json!("https://attacker.example/cert.pem"))),
        ("typ of another kind", ours("typ", json!("JWT"))),
        ("no typ", ours("typ", Value::Null)),
        ("a critical extension", ours("crit", json!(["b64"]))),
        ("a nested token by cty", ours("cty", json!("JWT"))),
        ("typ in capitals", ours("typ", json!("AT+JWT"))),
        ("typ of a second factor", ours("typ", json!("mfa+jwt"))),
        ("its own key as jwk, under no id", theirs_without_kid()),
        ("its own certificate by x5c", theirs("x5c", json!(["MIIB"]))),
        ("a header given twice", twice(claims)),
    ]
}

/// Tokens whose claims are at fault, under our signature.
fn hostile_claims(right: &Value) -> Vec<(&'static str, String)> {
    let now = Utc::now().timestamp();
    let exp = right["exp"].to_string();
    let cases = [
        ("another issuer", "iss", json!("shelfline.attacker.example")),
        ("a list of issuers", "iss", json!(["shelfline"])),
        ("no issuer", "iss", Value::Null),
        ("another audience", "aud", json!("shelfline-mfa")),
        ("ours among the audiences", "aud", json!(["other", "shelfline-api"])),
        ("no audience", "aud", Value::Null),
        ("expired", "exp", json!(now - 1)),
        ("no exp", "exp", Value::Null),
        ("exp as a text", "exp", json!(exp)),
        ("exp beyond all numbers", "exp", json!(u64::MAX)),
        ("exp with a fraction", "exp", json!(1e300)),
        ("nbf in the future", "nbf", json!(now + 60)),
        ("no nbf", "nbf", Value::Null),
        ("nbf as a text", "nbf", json!("0")),
        ("no subject", "sub", Value::Null),
        ("a subject that is SQL", "sub", json!("' OR 1=1 --")),
        ("no organisation", "org", Value::Null),
        ("no session", "sid", Value::Null),
        ("a session nobody has", "sid", json!(UserId::new())),
        ("several audiences, ours first", "aud", json!(["shelfline-api", "other"])),
        ("a nested token as subject", "sub", json!(token(&header(), right, SEED))),
        ("a nested object as subject", "sub", json!({ "sub": right["sub"] })),
        ("exp below zero", "exp", json!(-1)),
        ("exp as a list", "exp", json!([now + 600])),
        ("issued as a text", "iat", json!("0")),
        ("another version", "ver", json!(2)),
        ("the version as a text", "ver", json!("1")),
        ("a role that is no text", "role", json!(["owner"])),
        ("a claim nobody makes", "admin", json!(true)),
    ];
    cases.map(|(name, claim, value)| (name, token(&header(), &with(right, claim, &value), SEED))).into()
}

/// Texts that are hardly tokens; made of one that is right.
fn hostile_texts(right: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = right.split('.').collect();
    vec![
        ("empty", String::new()),
        ("blanks", "   ".into()),
        ("dots", "..".into()),
        ("truncated", right[..right.len() - 1].into()),
        ("without its signature", format!("{}.{}", parts[0], parts[1])),
        ("an extra segment", format!("{right}.{}", parts[2])),
        ("an empty extra segment", format!("{right}.")),
        ("segments swapped", format!("{}.{}.{}", parts[1], parts[0], parts[2])),
        ("base64 with padding", format!("{right}==")),
        ("a blank before", format!(" {right}")),
        ("a line break after", format!("{right}\n")),
        ("two tokens", format!("{right}, {right}")),
        ("a header that is no object", format!("W10.{}.{}", parts[1], parts[2])),
        ("1 MB of one letter", "a".repeat(1 << 20)),
        ("1 MB of a right token's header", format!("{}.{}.{}", parts[0], "A".repeat(1 << 20), parts[2])),
        ("1 MB of dots", ".".repeat(1 << 20)),
        ("not ASCII", "\u{e9}\u{4e1c}.\u{1f511}.\u{0}".into()),
        ("look-alike letters", right.replacen('e', "\u{435}", 1)),
    ]
}

#[tokio::test]
async fn hostile_tokens_are_all_denied_the_same_way() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let claims = claims(&session);
    let right = token(&header(), &claims, SEED);
    assert_ne!(decide(&setting, &right).await, DENIED, "what the hostile ones are made of");
    let mut hostile = hostile_headers(&claims);
    hostile.extend(hostile_claims(&claims));
    hostile.extend(hostile_texts(&right));
    for (name, token) in hostile {
        assert_eq!(decide(&setting, &token).await, DENIED, "{name}");
    }
}

#[tokio::test]
async fn a_header_that_carries_no_bearer_token_is_denied() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let token = access_token(&session);
    for header in [token, "", "Bearer", &format!("Basic {token}"), &format!("Bearer{token}")] {
        assert_eq!(setting.authorize(header).await.to_string(), DENIED, "{header}");
    }
    let bearer = format!("Bearer {token}");
    for event in [
        json!({}),
        json!({ "headers": null, "cookies": null }),
        json!({ "headers": {} }),
        json!({ "headers": { "x-authorization": bearer } }),
        json!({ "headers": { "authorization": bearer, "Authorization": bearer } }),
        json!({ "headers": { "authorization": format!("{bearer},{bearer}") } }),
        json!({ "queryStringParameters": { "authorization": bearer, "access_token": token } }),
        // The token of a bearer is good in no cookie: nothing would guard it against forgery.
        json!({ "cookies": [format!("__Host-access={token}")] }),
    ] {
        assert_eq!(setting.authorize_event(event.clone()).await.to_string(), DENIED, "{event}");
    }
}

/// The cookies of a browser that has logged in, and its token against forgery.
async fn browser(setting: &Setting) -> (String, String) {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let request = RequestBuilder::new("POST", "/v1/auth/login").json(&body).header("x-session", "cookie");
    let response = answer(&setting.sessions, crate::login::handle, request.build()).await;
    let set = response.cookies().find(|cookie| cookie.starts_with("__Host-access=")).unwrap();
    let cookie = set.split(';').next().unwrap().to_owned();
    (cookie, response.json()["csrf_token"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_cookie_says_who_calls_and_what_recognises_its_token_against_forgery() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let (cookie, csrf_token) = browser(&setting).await;
    for event in [
        json!({ "cookies": ["theme=dark", cookie] }),
        // The emulator of the laptop stack passes the header on.
        json!({ "headers": { "cookie": format!("theme=dark; {cookie}") } }),
        json!({ "headers": { "cookie": cookie }, "cookies": [cookie] }),
    ] {
        let context = setting.authorize_event(event).await["context"].take();
        assert_eq!(context["user_id"], session["user"]["id"]);
        assert_eq!(context["csrf"], csrf_hash(&csrf_token));
    }
}

#[tokio::test]
async fn cookies_that_somebody_else_may_have_put_there_say_nothing() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let (cookie, csrf_token) = browser(&setting).await;
    let token = cookie.split_once('=').unwrap().1;
    let bearer = format!("Bearer {}", access_token(&session));
    for event in [
        json!({ "cookies": [cookie, cookie] }),
        json!({ "cookies": [cookie, "__Host-access="] }),
        json!({ "headers": { "cookie": format!("{cookie}; __Host-access=x") } }),
        json!({ "headers": { "cookie": format!("__host-access={token}") } }),
        json!({ "headers": { "cookie": format!("access={token}; __Secure-access={token}") } }),
        json!({ "headers": { "cookie": format!("__Host-access=\"{token}\"") } }),
        json!({ "headers": { "set-cookie": cookie, "x-cookie": cookie } }),
        json!({ "cookies": [format!("__Host-refresh={token}")] }),
        json!({ "cookies": [format!("__Host-csrf={csrf_token}")] }),
        // Of a cookie, as a bearer: a script that could read it would need no other token.
        json!({ "headers": { "authorization": format!("Bearer {token}") } }),
        // A wrong header hides a right cookie, so that nobody goes by the one and checks the other.
        json!({ "headers": { "authorization": "Bearer x" }, "cookies": [cookie] }),
        json!({ "headers": { "Authorization": "" }, "cookies": [cookie] }),
    ] {
        assert_eq!(setting.authorize_event(event.clone()).await.to_string(), DENIED, "{event}");
    }
    let both = json!({ "headers": { "authorization": bearer }, "cookies": [cookie] });
    let context = setting.authorize_event(both).await["context"].take();
    assert_eq!(context["csrf"], Value::Null, "the bearer calls, and its session");
    assert_eq!(context["session_id"], json!(session_id(&session)));
}

#[tokio::test]
async fn the_example_event_is_denied_and_allowed_with_a_right_token() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let mut event = testkit::event("auth-authorizer/malformed-token");
    assert_eq!(setting.authorize_event(event.clone()).await.to_string(), DENIED);
    event["headers"]["authorization"] = json!(format!("Bearer {}", access_token(&session)));
    assert_eq!(setting.authorize_event(event).await["context"]["user_id"], session["user"]["id"]);
}

/// A key as `api-keys-create` makes it.
async fn key(setting: &Setting, session: &Value, scopes: &[&str]) -> String {
    let caller = principal(session);
    let text = data::api_keys::KeyText::new();
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let new = data::api_keys::NewApiKey {
        id: domain::ApiKeyId::new(),
        name: "k",
        text: &text,
        scopes: &scopes,
        created_by: caller.user_id,
        expires_at: chrono::Utc::now() + chrono::Duration::days(1),
    };
    let mut tenant = setting.database.app().tenant(&caller).await.unwrap();
    data::api_keys::insert(&mut tenant, &new).await.unwrap();
    tenant.commit().await.unwrap();
    text.into_text()
}

#[tokio::test]
async fn a_key_calls_for_its_maker_with_its_scopes_until_it_ends() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let key = key(&setting, &session, &["uploads:write", "uploads:read"]).await;
    let answer = setting.authorize(&format!("Bearer {key}")).await;
    let context = &answer["context"];
    assert_eq!(
        (&context["role"], &context["permissions"]),
        (&json!("api_key"), &json!("uploads:read uploads:write"))
    );
    assert_eq!((&context["user_id"], &context["session_id"]), (&session["user"]["id"], &Value::Null));
    let used: bool = sqlx::query_scalar("SELECT last_used_at IS NOT NULL FROM api_keys")
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    assert!(used);
    let (name, secret) = key.rsplit_once('_').unwrap();
    let other: String = secret.chars().rev().collect();
    for hostile in [
        name.to_owned(),
        format!("{name}_"),
        format!("{name}_{other}"),
        key.to_uppercase(),
        format!("{key}A"),
        "slk_' OR 1=1 --_x".into(),
    ] {
        assert_eq!(decide(&setting, &hostile).await, DENIED, "{hostile}");
    }
    setting.execute("UPDATE api_keys SET revoked_at = now()").await;
    assert_eq!(decide(&setting, &key).await, DENIED);
}
