//! Accounts as people meet them: links come by mail, and a phone shows codes.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use e2e::{Account, Answer, Stack};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::flows::{texts_to, until};

/// Sends JSON, with or without a token.
async fn send(stack: &Stack, method: Method, path: &str, token: Option<&Value>, body: &Value) -> Answer {
    let mut request = Client::new().request(method, format!("{}{path}", stack.api)).body(body.to_string());
    if let Some(token) = token {
        request = request.bearer_auth(token.as_str().unwrap()).header("if-match", "*");
    }
    let response = request.header("content-type", "application/json").send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    Answer { status, body: serde_json::from_str(&text).unwrap_or_default() }
}

async fn post(stack: &Stack, path: &str, body: &Value) -> Answer {
    send(stack, Method::POST, path, None, body).await
}

async fn login(stack: &Stack, email: &str, password: &str) -> Answer {
    post(stack, "/v1/auth/login", &json!({ "email": email, "password": password })).await
}

/// The token in the link of a mail to this address that leads to `page`.
async fn mailed_token(stack: &Stack, address: &str, page: &str) -> String {
    let link = format!("/{page}#token=");
    let text =
        until(|| async { texts_to(stack, address).into_iter().find(|text| text.contains(&link)) }).await;
    let rest = text.split_once(&link).unwrap().1;
    rest.split_whitespace().next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_by_mail_comes_and_is_disabled() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Inviting").await.unwrap();
    let email = format!("ana.{}", owner.email);
    let invited = owner.post("/v1/users", &json!({ "email": email, "role": "viewer" })).await.unwrap();
    assert_eq!((invited.status, &invited.body["status"]), (201, &json!("invited")), "{invited:?}");
    let token = mailed_token(&stack, &email, "accept-invitation").await;
    let body = json!({ "token": token, "password": "amber lighthouse ledger 43", "full_name": "Ana Lima" });
    let session = post(&stack, "/v1/auth/invitations/accept", &body).await;
    assert_eq!((session.status, &session.body["user"]["role"]), (200, &json!("viewer")), "{session:?}");
    assert_eq!(post(&stack, "/v1/auth/invitations/accept", &body).await.status, 401);
    let me = send(&stack, Method::GET, "/v1/me", Some(&session.body["access_token"]), &json!(null)).await;
    assert_eq!((me.status, &me.body["user"]["email_verified"]), (200, &json!(true)), "{me:?}");

    let owners = login(&stack, &owner.email, &owner.password).await.body["access_token"].clone();
    let path = format!("/v1/users/{}", invited.body["id"].as_str().unwrap());
    let disabled = send(&stack, Method::PATCH, &path, Some(&owners), &json!({ "disabled": true })).await;
    assert_eq!((disabled.status, &disabled.body["status"]), (200, &json!("disabled")), "{disabled:?}");
    let refresh = json!({ "refresh_token": session.body["refresh_token"] });
    assert_eq!(post(&stack, "/v1/auth/refresh", &refresh).await.status, 401);
    assert_eq!(login(&stack, &email, "amber lighthouse ledger 43").await.status, 401);
    assert_eq!(send(&stack, Method::DELETE, &path, Some(&owners), &json!(null)).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_verified_and_a_forgotten_password_reset_by_mail() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Forgetful").await.unwrap();
    let token = mailed_token(&stack, &owner.email, "verify-email").await;
    assert_eq!(post(&stack, "/v1/auth/email/verify", &json!({ "token": token })).await.status, 204);
    assert_eq!(owner.get("/v1/me").await.unwrap().body["user"]["email_verified"], true);

    let forgot = json!({ "email": owner.email });
    assert_eq!(post(&stack, "/v1/auth/password/forgot", &forgot).await.status, 202);
    let token = mailed_token(&stack, &owner.email, "reset-password").await;
    let reset = json!({ "token": token, "new_password": "amber lighthouse ledger 43" });
    assert_eq!(post(&stack, "/v1/auth/password/reset", &reset).await.status, 204);
    assert_eq!(post(&stack, "/v1/auth/password/reset", &reset).await.status, 401);
    assert_eq!(login(&stack, &owner.email, &owner.password).await.status, 401);
    assert_eq!(login(&stack, &owner.email, "amber lighthouse ledger 43").await.status, 200);
}

/// What an authenticator app shows now for a secret that was typed into it (RFC 4648, RFC 6238).
fn phone(secret: &str) -> String {
    let mut bits = String::new();
    for letter in secret.chars() {
        let value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter).unwrap();
        bits += &format!("{value:05b}");
    }
    let bytes: Vec<u8> =
        (0..bits.len() / 8).map(|at| u8::from_str_radix(&bits[at * 8..at * 8 + 8], 2).unwrap()).collect();
    let step = chrono::Utc::now().timestamp() / 30;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes), &step.to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[offset..offset + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_switched_on_asked_for_and_switched_off() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Guarded").await.unwrap();
    let begun = owner.post("/v1/auth/mfa", &json!({})).await.unwrap();
    assert_eq!(begun.status, 201, "{begun:?}");
    let code = phone(begun.body["secret"].as_str().unwrap());
    let confirmed = owner.post("/v1/auth/mfa/confirm", &json!({ "code": code })).await.unwrap();
    let codes = confirmed.body["recovery_codes"].as_array().unwrap().clone();
    assert_eq!((confirmed.status, codes.len()), (200, 10));

    let half = login(&stack, &owner.email, &owner.password).await;
    assert_eq!((half.status, &half.body["code"]), (401, &json!("mfa_required")), "{half:?}");
    let replayed = json!({ "mfa_token": half.body["mfa_token"], "code": code });
    assert_eq!(post(&stack, "/v1/auth/login/mfa", &replayed).await.status, 401);
    let recovery = json!({ "mfa_token": half.body["mfa_token"], "recovery_code": codes[0] });
    let session = post(&stack, "/v1/auth/login/mfa", &recovery).await;
    assert_eq!(session.status, 200, "{session:?}");
    assert_eq!(post(&stack, "/v1/auth/login/mfa", &recovery).await.status, 401);

    let off = json!({ "password": owner.password, "recovery_code": codes[1] });
    let token = &session.body["access_token"];
    assert_eq!(send(&stack, Method::DELETE, "/v1/auth/mfa", Some(token), &off).await.status, 204);
    assert_eq!(login(&stack, &owner.email, &owner.password).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_a_token_is_published_and_a_session_can_be_ended() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Signed").await.unwrap();
    let session = login(&stack, &owner.email, &owner.password).await.body;
    let header = session["access_token"].as_str().unwrap().split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let response = reqwest::get(format!("{}/.well-known/jwks.json", stack.api)).await.unwrap();
    assert_eq!(response.headers()["cache-control"], "public, max-age=300");
    let keys: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    let kids: Vec<&Value> = keys["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    assert!(kids.contains(&&header["kid"]), "{keys}");

    let sessions = owner.all("/v1/sessions").await.unwrap();
    assert_eq!(sessions.len(), 2, "{sessions:?}");
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/v1/sessions/{}", other["id"].as_str().unwrap());
    assert_eq!(owner.delete(&path).await.unwrap().status, 204);
    let refresh = json!({ "refresh_token": session["refresh_token"] });
    assert_eq!(post(&stack, "/v1/auth/refresh", &refresh).await.status, 401);
    assert_eq!(owner.delete(&path).await.unwrap().status, 404);
}
