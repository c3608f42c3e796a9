use edge::http::{RequestBuilder, Response, answer};
use serde_json::{Value, json};

use super::*;
use crate::setting::{OTHER_PASSWORD, Setting, answer_event};

const INVITED: &str = "ana@aveline.example";

/// An organisation with somebody invited: the owner's session and the mailed token.
async fn invited(setting: &Setting) -> (Value, String) {
    let owner = setting.registered().await;
    let mut colleague = setting.colleague(&owner, INVITED, "analyst").await;
    setting.execute("UPDATE users SET password_hash = NULL, joined_at = NULL WHERE role = 'analyst'").await;
    setting
        .execute("DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE role = 'analyst')")
        .await;
    let token = setting.mailed_token(&colleague, Purpose::Invitation).await;
    (colleague.take(), token)
}

async fn accept(setting: &Setting, body: &Value) -> Response {
    let request = RequestBuilder::new("POST", "/v1/auth/invitations/accept").json(body).build();
    answer(&setting.sessions, handle, request).await
}

fn body(token: &str) -> Value {
    json!({ "token": token, "password": OTHER_PASSWORD, "full_name": " Ana Lima " })
}

#[tokio::test]
async fn an_invited_user_comes_once_and_is_signed_in() {
    let setting = Setting::new().await;
    let (_, token) = invited(&setting).await;
    assert_eq!(setting.login(INVITED, OTHER_PASSWORD).await.status, 401, "not before");
    let response = accept(&setting, &body(&token)).await;
    let session = response.json();
    assert_eq!((response.status, &session["user"]["role"]), (200, &json!("analyst")));
    assert!(setting.lives(&session).await);
    let login = setting.login(INVITED, OTHER_PASSWORD).await;
    assert_eq!(login.status, 200);
    assert_eq!(login.json().as_object().unwrap().len(), session.as_object().unwrap().len());
    let again = accept(&setting, &body(&token)).await;
    assert_eq!((again.status, &again.json()["code"]), (401, &json!("invalid_token")));
    let row: (Option<String>, bool) = sqlx::query_as(
        "SELECT full_name, email_verified_at IS NOT NULL AND joined_at IS NOT NULL FROM users WHERE role = 'analyst'",
    )
    .fetch_one(setting.database.admin())
    .await
    .unwrap();
    assert_eq!(row, (Some("Ana Lima".to_owned()), true));
}

#[tokio::test]
async fn what_cannot_be_used_is_named_and_leaves_the_invitation() {
    let setting = Setting::new().await;
    let (_, token) = invited(&setting).await;
    for (field, value) in
        [("password", json!("short")), ("password", json!(INVITED)), ("full_name", json!("a\nb"))]
    {
        let mut body = body(&token);
        body[field] = value;
        let response = accept(&setting, &body).await;
        let told = (response.status, &response.json()["fields"][0]["pointer"]);
        assert_eq!(told, (422, &json!(format!("/{field}"))));
    }
    assert_eq!(accept(&setting, &body(&token)).await.status, 200);
}

#[tokio::test]
async fn an_expired_a_withdrawn_and_another_token_read_the_same() {
    let setting = Setting::new().await;
    let (invited, token) = invited(&setting).await;
    for other in
        [setting.mailed_token(&invited, Purpose::PasswordReset).await, String::new(), "x".repeat(1 << 20)]
    {
        assert_eq!(accept(&setting, &body(&other)).await.status, 401);
    }
    setting.execute("UPDATE user_tokens SET expires_at = now()").await;
    assert_eq!(accept(&setting, &body(&token)).await.status, 401, "expired");
    setting.execute("UPDATE user_tokens SET expires_at = now() + interval '1 day'").await;
    setting.execute("UPDATE users SET disabled_at = now() WHERE role = 'analyst'").await;
    assert_eq!(accept(&setting, &body(&token)).await.status, 401, "disabled meanwhile");
    setting.execute("UPDATE users SET disabled_at = NULL, joined_at = now() WHERE role = 'analyst'").await;
    assert_eq!(accept(&setting, &body(&token)).await.status, 401, "came already");
}

#[tokio::test]
async fn the_example_event_is_refused_since_its_token_is_none() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.sessions, handle, "invitation-accept/accept").await.status, 401);
}
