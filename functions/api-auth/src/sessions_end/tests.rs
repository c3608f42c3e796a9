use edge::http::{Response, answer};
use serde_json::Value;

use super::*;
use crate::setting::{EMAIL, PASSWORD, Setting, answer_event, registration, session_id};

async fn end(setting: &Setting, caller: &Value, ended: &Value, permissions: &[Permission]) -> Response {
    let id = session_id(ended);
    let request =
        Setting::request("DELETE", &format!("/v1/sessions/{id}"), caller, permissions).path("id", id);
    answer(&setting.lookups, handle, request.build()).await
}

#[tokio::test]
async fn an_ended_session_has_neither_refresh_nor_access_and_the_others_go_on() {
    let setting = Setting::new().await;
    let kept = setting.registered().await;
    let ended = setting.login(EMAIL, PASSWORD).await.json();
    let response = end(&setting, &kept, &ended, &[]).await;
    assert_eq!((response.status, response.body().len()), (204, 0));
    assert!(!setting.allows(&ended).await);
    assert_eq!(setting.refresh(&ended["refresh_token"]).await.status, 401);
    assert!(setting.lives(&kept).await);
    assert_eq!(end(&setting, &kept, &ended, &[]).await.status, 404, "it is gone");
}

#[tokio::test]
async fn a_foreign_session_is_not_found_and_goes_on() {
    let setting = Setting::new().await;
    let caller = setting.registered().await;
    let foreign = setting.register(&registration("b@other.example")).await.json();
    for permissions in [&[Permission::UsersManage][..], &[]] {
        assert_eq!(end(&setting, &caller, &foreign, permissions).await.status, 404);
    }
    assert!(setting.lives(&foreign).await);
}

#[tokio::test]
async fn a_colleagues_session_is_ended_by_who_manages_users_and_not_found_by_others() {
    let setting = Setting::new().await;
    let owner = setting.registered().await;
    let colleague = setting.colleague(&owner, "ana@aveline.example", "viewer").await;
    assert_eq!(end(&setting, &colleague, &owner, &[]).await.status, 404);
    assert!(setting.allows(&owner).await);
    assert_eq!(end(&setting, &owner, &colleague, &[Permission::UsersManage]).await.status, 204);
    assert!(!setting.lives(&colleague).await);
}

#[tokio::test]
async fn the_example_event_finds_nothing() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.lookups, handle, "sessions-end/session").await.status, 404);
}
