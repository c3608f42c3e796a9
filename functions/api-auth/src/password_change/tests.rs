use edge::http::{Response, answer};
use serde_json::{Value, json};

use super::*;
use crate::setting::{EMAIL, OTHER_PASSWORD, PASSWORD, Setting, answer_event};

async fn change(setting: &Setting, session: &Value, body: &Value) -> Response {
    let request = Setting::request("POST", "/v1/auth/password", session, &[]).json(body).build();
    answer(&setting.passwords, handle, request).await
}

fn body(current: &str, new: &str) -> Value {
    json!({ "current_password": current, "new_password": new })
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_not_this_one() {
    let setting = Setting::new().await;
    let other = setting.registered().await;
    let this = setting.login(EMAIL, PASSWORD).await.json();
    let colleague = setting.colleague(&this, "ana@aveline.example", "viewer").await;
    let mailed = setting.mailed_token(&this, Purpose::PasswordReset).await;
    let response = change(&setting, &this, &body(PASSWORD, OTHER_PASSWORD)).await;
    assert_eq!((response.status, response.body().len()), (204, 0));
    assert!(!setting.allows(&other).await);
    assert_eq!(setting.refresh(&other["refresh_token"]).await.status, 401);
    assert!(setting.lives(&this).await && setting.lives(&colleague).await);
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(setting.login(EMAIL, OTHER_PASSWORD).await.status, 200);
    // A link that was mailed before cannot undo it.
    assert_eq!(setting.reset(&mailed, PASSWORD).await.status, 401);
}

#[tokio::test]
async fn who_does_not_know_the_present_one_or_chooses_badly_changes_nothing() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    for (current, new, pointer, code) in [
        (OTHER_PASSWORD, OTHER_PASSWORD, "/current_password", "wrong"),
        ("", OTHER_PASSWORD, "/current_password", "wrong"),
        (PASSWORD, PASSWORD, "/new_password", "unchanged"),
        (PASSWORD, "short", "/new_password", "too_short"),
        (PASSWORD, "Password1234", "/new_password", "too_common"),
        (PASSWORD, EMAIL, "/new_password", "too_common"),
    ] {
        let response = change(&setting, &session, &body(current, new)).await;
        let field = &response.json()["fields"][0];
        let told = (response.status, &field["pointer"], &field["code"]);
        assert_eq!(told, (422, &json!(pointer), &json!(code)), "{new}");
    }
    let mut odd = body(PASSWORD, OTHER_PASSWORD);
    odd["user_id"] = json!("x");
    assert_eq!(change(&setting, &session, &odd).await.status, 422);
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 200);
    assert!(setting.lives(&session).await);
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_made() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let (first, second) = (body(PASSWORD, OTHER_PASSWORD), body(PASSWORD, "violet lighthouse 44!"));
    let (first, second) =
        tokio::join!(change(&setting, &session, &first), change(&setting, &session, &second));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert!(statuses == [204, 409] || statuses == [204, 422], "{statuses:?}");
}

#[tokio::test]
async fn the_example_event_is_refused_for_a_caller_who_is_gone() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.passwords, handle, "password-change/change").await.status, 422);
}
