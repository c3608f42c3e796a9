use serde_json::{Value, json};

use super::*;
use crate::setting::{EMAIL, PASSWORD, Setting, answer_event, registration};

async fn refreshes(setting: &Setting, session: &Value) -> bool {
    setting.refresh(&session["refresh_token"]).await.status == 200
}

async fn allowed(setting: &Setting, session: &Value) -> bool {
    let token = session["access_token"].as_str().unwrap();
    setting.authorize(&format!("Bearer {token}")).await["context"]["org_id"].is_string()
}

#[tokio::test]
async fn a_refresh_token_ends_its_session_and_no_other() {
    let setting = Setting::new().await;
    let ended = setting.registered().await;
    let kept = setting.login(EMAIL, PASSWORD).await.json();
    let body = json!({ "refresh_token": ended["refresh_token"] });
    // The second time changes nothing and says nothing.
    for _ in 0..2 {
        let response = setting.logout(&ended, Some(&body)).await;
        assert_eq!((response.status, response.body().len()), (204, 0));
    }
    assert!(!refreshes(&setting, &ended).await);
    assert!(refreshes(&setting, &kept).await);
    assert!(allowed(&setting, &kept).await);
}

#[tokio::test]
async fn without_a_token_all_sessions_of_the_caller_end() {
    let setting = Setting::new().await;
    let sessions = [setting.registered().await, setting.login(EMAIL, PASSWORD).await.json()];
    let other = setting.register(&registration("b@other.example")).await.json();
    assert!(allowed(&setting, &sessions[0]).await);
    assert_eq!(setting.logout(&sessions[0], None).await.status, 204);
    for session in &sessions {
        assert!(!refreshes(&setting, session).await);
        assert!(!allowed(&setting, session).await);
    }
    assert!(refreshes(&setting, &other).await);
    let again = setting.login(EMAIL, PASSWORD).await.json();
    assert!(allowed(&setting, &again).await);
}

#[tokio::test]
async fn somebody_elses_token_ends_nothing_and_is_not_told_apart() {
    let setting = Setting::new().await;
    let victim = setting.registered().await;
    let caller = setting.register(&registration("b@other.example")).await.json();
    for token in [&victim["refresh_token"], &json!(""), &json!("garbage"), &json!("\u{e9}\u{0}")] {
        let response = setting.logout(&caller, Some(&json!({ "refresh_token": token }))).await;
        assert_eq!(response.status, 204, "{token}");
    }
    assert!(refreshes(&setting, &victim).await);
    assert!(refreshes(&setting, &caller).await);
}

#[tokio::test]
async fn a_body_of_another_shape_ends_nothing() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    for body in [json!({ "refresh_token": 7 }), json!({ "token": "x" })] {
        assert_eq!(setting.logout(&session, Some(&body)).await.status, 422, "{body}");
    }
    assert!(refreshes(&setting, &session).await);
}

#[tokio::test]
async fn the_example_event_is_answered_though_its_token_is_unknown() {
    let setting = Setting::new().await;
    let caller = &testkit::event("auth-logout/logout")["requestContext"]["authorizer"]["lambda"];
    setting.database.seed_as(caller["org_id"].as_str().unwrap().parse().unwrap(), "aveline").await;
    assert_eq!(answer_event(&setting.lookups, handle, "auth-logout/logout").await.status, 204);
}
