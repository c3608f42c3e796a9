use chrono::Utc;
use edge::http::{RequestBuilder, Response, answer};
use serde_json::{Value, json};

use super::{Seal, begin, confirm, remove, sign_in, totp};
use crate::{
    me,
    setting::{EMAIL, KID, PASSWORD, SEED, Setting, answer_event, principal, token},
};

async fn send(setting: &Setting, session: &Value, method: &str, body: Option<&Value>) -> Response {
    let request = |path: &str| {
        let request = Setting::request(method, path, session, &[]);
        if let Some(body) = body { request.json(body).build() } else { request.build() }
    };
    match (method, body) {
        ("POST", None) => answer(&setting.sessions, begin::handle, request("/v1/auth/mfa")).await,
        ("POST", Some(_)) => {
            answer(&setting.sessions, confirm::handle, request("/v1/auth/mfa/confirm")).await
        }
        _ => answer(&setting.sessions, remove::handle, request("/v1/auth/mfa")).await,
    }
}

async fn sign_in(setting: &Setting, body: &Value) -> Response {
    let request = RequestBuilder::new("POST", "/v1/auth/login/mfa").json(body).build();
    answer(&setting.sessions, sign_in::handle, request).await
}

/// The secret that the phone would have.
async fn secret(setting: &Setting, session: &Value) -> Vec<u8> {
    let user = principal(session).user_id;
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT sealed_secret FROM mfa_factors WHERE user_id = $1")
        .bind(user.0)
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    setting.sessions.seal.open(user, &sealed).unwrap()
}

/// What the phone shows now, or so many steps from now.
fn code(secret: &[u8], steps: i64) -> String {
    totp::code(secret, totp::step_at(Utc::now()) + steps)
}

/// Forgets which code was used last and how many were wrong: as if time had passed.
async fn later(setting: &Setting) {
    setting.execute("UPDATE mfa_factors SET last_step = 0, failures = 0, failed_at = NULL").await;
}

/// A user with a second factor: session, secret and recovery codes.
async fn guarded(setting: &Setting) -> (Value, Vec<u8>, Vec<String>) {
    let session = setting.registered().await;
    assert_eq!(send(setting, &session, "POST", None).await.status, 201);
    let secret = secret(setting, &session).await;
    let confirmed = send(setting, &session, "POST", Some(&json!({ "code": code(&secret, 0) }))).await;
    assert_eq!(confirmed.status, 200);
    later(setting).await;
    let codes = serde_json::from_value(confirmed.json()["recovery_codes"].clone()).unwrap();
    (session, secret, codes)
}

/// The first half of a login.
async fn challenge(setting: &Setting) -> Value {
    let response = setting.login(EMAIL, PASSWORD).await;
    assert_eq!((response.status, &response.json()["code"]), (401, &json!("mfa_required")));
    response.json()["mfa_token"].clone()
}

fn refused(response: &Response) -> (u16, String) {
    (response.status, response.json()["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_second_factor_guards_from_its_first_code_on() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let begun = send(&setting, &session, "POST", None).await.json();
    let secret = secret(&setting, &session).await;
    assert_eq!(begun["secret"], json!(totp::base32(&secret)));
    assert!(
        begun["otpauth_uri"]
            .as_str()
            .unwrap()
            .starts_with("otpauth://totp/Shelfline:owner%40aveline.example?secret=")
    );
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 200, "not confirmed yet");
    let wrong = json!({ "code": code(&secret, 10) });
    assert_eq!(send(&setting, &session, "POST", Some(&wrong)).await.status, 422);
    let confirmed = send(&setting, &session, "POST", Some(&json!({ "code": code(&secret, 0) }))).await;
    assert_eq!(confirmed.json()["recovery_codes"].as_array().unwrap().len(), 10);
    let mfa_token = challenge(&setting).await;
    // The code that confirmed is used up; the next one is not.
    let used = json!({ "mfa_token": mfa_token, "code": code(&secret, 0) });
    assert_eq!(refused(&sign_in(&setting, &used).await), (401, "invalid_mfa_code".to_owned()));
    let signed_in = sign_in(&setting, &json!({ "mfa_token": mfa_token, "code": code(&secret, 1) })).await;
    assert_eq!(signed_in.status, 200);
    assert!(setting.lives(&signed_in.json()).await);
    let shown =
        answer(&setting.lookups, me::handle, Setting::request("GET", "/v1/me", &session, &[]).build());
    assert_eq!(shown.await.json()["user"]["mfa_enabled"], true);
    assert_eq!(refused(&send(&setting, &session, "POST", None).await), (409, "mfa_enabled".to_owned()));
    let again = send(&setting, &session, "POST", Some(&json!({ "code": "123456" }))).await;
    assert_eq!(refused(&again), (409, "mfa_not_begun".to_owned()));
}

#[tokio::test]
async fn a_wrong_password_never_learns_that_there_is_a_second_factor() {
    let setting = Setting::new().await;
    guarded(&setting).await;
    let response = setting.login(EMAIL, "violet harbour ledger 43").await;
    assert_eq!(refused(&response), (401, "invalid_credentials".to_owned()));
    assert_eq!(response.json().get("mfa_token"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_also_for_two_at_once() {
    let setting = Setting::new().await;
    let (_, secret, codes) = guarded(&setting).await;
    let mfa_token = challenge(&setting).await;
    for body in [
        json!({ "mfa_token": mfa_token, "code": code(&secret, 0) }),
        json!({ "mfa_token": mfa_token, "recovery_code": codes[3] }),
    ] {
        let (first, second) = tokio::join!(sign_in(&setting, &body), sign_in(&setting, &body));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "{body}");
        assert_eq!(sign_in(&setting, &body).await.status, 401, "replayed");
    }
    // An older code than the last used one is as good as used.
    let older = json!({ "mfa_token": mfa_token, "code": code(&secret, -1) });
    assert_eq!(sign_in(&setting, &older).await.status, 401);
}

#[tokio::test]
async fn codes_too_early_or_too_late_and_of_another_secret_are_wrong() {
    let setting = Setting::new().await;
    let (_, secret, codes) = guarded(&setting).await;
    let mfa_token = challenge(&setting).await;
    let other: Vec<u8> = secret.iter().map(|byte| byte ^ 1).collect();
    for wrong in [
        code(&secret, 5),
        code(&secret, -5),
        code(&other, 0),
        String::new(),
        "12345".into(),
        codes[0].clone(),
    ] {
        let response = sign_in(&setting, &json!({ "mfa_token": mfa_token, "code": wrong })).await;
        assert_eq!(refused(&response), (401, "invalid_mfa_code".to_owned()), "{wrong}");
        later(&setting).await;
    }
    let typed = codes[0].to_lowercase().replace('-', " ");
    assert_eq!(
        sign_in(&setting, &json!({ "mfa_token": mfa_token, "recovery_code": typed })).await.status,
        200
    );
    for body in [
        json!({ "mfa_token": mfa_token }),
        json!({ "mfa_token": mfa_token, "code": "123456", "recovery_code": codes[1] }),
        json!({ "mfa_token": mfa_token, "code": 123_456 }),
        json!({ "mfa_token": mfa_token, "code": "123456", "remember": true }),
        json!({ "code": "123456" }),
    ] {
        assert_eq!(sign_in(&setting, &body).await.status, 422, "{body}");
    }
}

#[tokio::test]
async fn after_five_wrong_codes_the_next_waits_but_a_recovery_code_does_not() {
    let setting = Setting::new().await;
    let (_, secret, codes) = guarded(&setting).await;
    let mfa_token = challenge(&setting).await;
    let wrong = json!({ "mfa_token": mfa_token, "code": code(&secret, 10) });
    for _ in 0..5 {
        assert_eq!(sign_in(&setting, &wrong).await.status, 401);
    }
    let right = json!({ "mfa_token": mfa_token, "code": code(&secret, 0) });
    let waiting = sign_in(&setting, &right).await;
    assert_eq!(waiting.status, 429);
    assert!(waiting.header("retry-after").unwrap().parse::<u64>().unwrap() <= 30);
    setting.execute("UPDATE mfa_factors SET failed_at = failed_at - interval '31 seconds'").await;
    assert_eq!(sign_in(&setting, &right).await.status, 200, "the wait is over");
    for _ in 0..5 {
        sign_in(&setting, &wrong).await;
    }
    assert_eq!(sign_in(&setting, &right).await.status, 429);
    let recovery = json!({ "mfa_token": mfa_token, "recovery_code": codes[0] });
    assert_eq!(sign_in(&setting, &recovery).await.status, 200);
}

#[tokio::test]
async fn an_mfa_token_is_no_access_token_and_nothing_else_is_an_mfa_token() {
    let setting = Setting::new().await;
    let (session, secret, _) = guarded(&setting).await;
    let right = challenge(&setting).await;
    let denied = setting.authorize(&format!("Bearer {}", right.as_str().unwrap())).await;
    assert_eq!(denied["context"], json!({ "caller": "nobody" }));
    let now = Utc::now().timestamp();
    let claims = json!({
        "iss": "shelfline", "aud": "shelfline-mfa", "sub": session["user"]["id"], "org": session["organization"]["id"],
        "ver": 1, "iat": now, "nbf": now, "exp": now + 300,
    });
    let with = |member: &str, value: Value| {
        let mut claims = claims.clone();
        claims[member] = value;
        token(&json!({ "typ": "mfa+jwt", "alg": "EdDSA", "kid": KID }), &claims, SEED)
    };
    let hostile = [
        ("an access token", session["access_token"].as_str().unwrap().to_owned()),
        ("a refresh token", session["refresh_token"].as_str().unwrap().to_owned()),
        ("expired", with("exp", json!(now - 1))),
        ("not yet", with("nbf", json!(now + 60))),
        ("another audience", with("aud", json!("shelfline-api"))),
        ("another issuer", with("iss", json!("attacker"))),
        ("exp as a text", with("exp", json!("9999999999"))),
        ("another version", with("ver", json!(2))),
        ("another organisation", with("org", json!(domain::OrgId::new()))),
        ("somebody without a second factor", with("sub", json!(domain::UserId::new()))),
        (
            "typ of an access token",
            token(&json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": KID }), &claims, SEED),
        ),
        (
            "signed by somebody else",
            token(&json!({ "typ": "mfa+jwt", "alg": "EdDSA", "kid": KID }), &claims, [66; 32]),
        ),
        ("unsigned", format!("{}.", with("sub", claims["sub"].clone()).rsplit_once('.').unwrap().0)),
        ("1 MB", "a".repeat(1 << 20)),
        ("empty", String::new()),
    ];
    for (name, mfa_token) in hostile {
        let response = sign_in(&setting, &json!({ "mfa_token": mfa_token, "code": code(&secret, 0) })).await;
        assert_eq!(refused(&response), (401, "invalid_mfa_token".to_owned()), "{name}");
    }
    let made = with("sub", claims["sub"].clone());
    for mfa_token in [json!(made), right] {
        let response = sign_in(&setting, &json!({ "mfa_token": mfa_token, "code": code(&secret, 0) })).await;
        assert_eq!(response.status, 200, "what the hostile ones are made of");
        later(&setting).await;
    }
}

#[tokio::test]
async fn a_disabled_user_does_not_complete_a_login() {
    let setting = Setting::new().await;
    let (_, secret, _) = guarded(&setting).await;
    let mfa_token = challenge(&setting).await;
    setting.execute("UPDATE users SET disabled_at = now()").await;
    let response = sign_in(&setting, &json!({ "mfa_token": mfa_token, "code": code(&secret, 0) })).await;
    assert_eq!(refused(&response), (401, "invalid_mfa_token".to_owned()));
}

#[tokio::test]
async fn both_factors_switch_it_off() {
    let setting = Setting::new().await;
    let (session, secret, codes) = guarded(&setting).await;
    for (body, status) in [
        (json!({ "password": "wrong", "code": code(&secret, 0) }), 422),
        (json!({ "password": PASSWORD, "code": code(&secret, 10) }), 422),
        (json!({ "password": PASSWORD }), 422),
        (json!({ "code": code(&secret, 0) }), 422),
        (json!({ "password": PASSWORD, "code": code(&secret, 0) }), 204),
        (json!({ "password": PASSWORD, "recovery_code": codes[0] }), 409),
    ] {
        assert_eq!(send(&setting, &session, "DELETE", Some(&body)).await.status, status, "{body}");
    }
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 200);
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM mfa_factors) + (SELECT count(*) FROM mfa_recovery_codes)",
    )
    .fetch_one(setting.database.admin())
    .await
    .unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn neither_secret_nor_recovery_code_is_stored_in_clear() {
    let setting = Setting::new().await;
    let (_, secret, codes) = guarded(&setting).await;
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT row_to_json(f)::text FROM mfa_factors f UNION ALL SELECT row_to_json(c)::text FROM mfa_recovery_codes c",
    )
    .fetch_all(setting.database.admin())
    .await
    .unwrap();
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let clear = codes
        .iter()
        .map(String::as_str)
        .chain([hex.as_str(), &totp::base32(&secret)])
        .any(|text| rows.iter().any(|row| row.contains(text)));
    assert!(rows.len() == 11 && !clear, "{rows:?}");
    // A row that is copied to another user does not open there.
    let key = Seal::new("BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=").unwrap();
    let sealed = key.seal(domain::UserId::new(), &secret).unwrap();
    assert!(setting.sessions.seal.open(domain::UserId::new(), &sealed).is_err());
}

#[tokio::test]
async fn the_example_events_are_refused_for_a_caller_who_is_gone() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.sessions, begin::handle, "mfa-begin/begin").await.status, 404);
    assert_eq!(answer_event(&setting.sessions, confirm::handle, "mfa-confirm/confirm").await.status, 409);
    assert_eq!(answer_event(&setting.sessions, remove::handle, "mfa-remove/remove").await.status, 422);
    assert_eq!(answer_event(&setting.sessions, sign_in::handle, "auth-login-mfa/code").await.status, 401);
}

#[tokio::test]
async fn each_step_of_a_second_factor_is_in_the_trail() {
    let setting = Setting::new().await;
    let (_, secret, _) = guarded(&setting).await;
    let half = setting.login(EMAIL, PASSWORD).await.json()["mfa_token"].clone();
    sign_in(&setting, &json!({ "mfa_token": half, "code": "000000" })).await;
    later(&setting).await;
    assert_eq!(sign_in(&setting, &json!({ "mfa_token": half, "code": code(&secret, 0) })).await.status, 200);
    let trail: Vec<String> = sqlx::query_scalar(
        "SELECT concat_ws(' ', action, outcome, actor_kind, details ->> 'reason') FROM audit_events WHERE seq > 2 ORDER BY seq",
    )
    .fetch_all(setting.database.admin())
    .await
    .unwrap();
    assert_eq!(
        trail,
        [
            "mfa_enabled allowed user",
            "second_factor_asked allowed user",
            "sign_in failed anonymous invalid_mfa_code",
            "sign_in allowed user"
        ]
    );
}
