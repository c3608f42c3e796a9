use edge::http::{RequestBuilder, Response, answer};
use serde_json::json;

use super::*;
use crate::setting::{EMAIL, Setting, answer_event, principal, registration};

async fn verify(setting: &Setting, token: &str) -> Response {
    let request =
        RequestBuilder::new("POST", "/v1/auth/email/verify").json(&json!({ "token": token })).build();
    answer(&setting.lookups, handle, request).await
}

async fn verified(setting: &Setting) -> Vec<bool> {
    sqlx::query_scalar("SELECT email_verified_at IS NOT NULL FROM users ORDER BY created_at")
        .fetch_all(setting.database.admin())
        .await
        .unwrap()
}

#[tokio::test]
async fn registration_mails_a_token_that_verifies_the_address_once() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    setting.register(&registration("b@other.example")).await;
    assert_eq!(setting.outbox().await[0], ("email_verification".to_owned(), EMAIL.to_owned()));
    assert_eq!(setting.queue.drain::<serde_json::Value>().unwrap().len(), 2);
    let token = setting.mailed_token(&session, Purpose::EmailVerification).await;
    assert_eq!(verified(&setting).await, [false, false]);
    assert_eq!(verify(&setting, &token).await.status, 204);
    assert_eq!(verified(&setting).await, [true, false]);
    let again = verify(&setting, &token).await;
    assert_eq!((again.status, &again.json()["code"]), (401, &json!("invalid_token")));
    let me = RequestBuilder::new("GET", "/v1/me").principal(&principal(&session)).build();
    assert_eq!(answer(&setting.lookups, crate::me::handle, me).await.json()["user"]["email_verified"], true);
}

#[tokio::test]
async fn a_token_for_something_else_or_an_expired_one_verifies_nothing() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let right = setting.mailed_token(&session, Purpose::EmailVerification).await;
    let other = setting.mailed_token(&session, Purpose::PasswordReset).await;
    for token in [other.as_str(), "", &right[..20]] {
        assert_eq!(verify(&setting, token).await.status, 401);
    }
    setting.execute("UPDATE user_tokens SET expires_at = now()").await;
    assert_eq!(verify(&setting, &right).await.status, 401);
    assert_eq!(verified(&setting).await, [false]);
}

#[tokio::test]
async fn the_example_event_is_refused_since_its_token_is_none() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.lookups, handle, "address-verify/verify").await.status, 401);
}
