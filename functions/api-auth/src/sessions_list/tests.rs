use edge::http::{Response, answer};
use serde_json::{Value, json};

use super::*;
use crate::setting::{EMAIL, PASSWORD, Setting, answer_event, registration, session_id};

async fn list(setting: &Setting, session: &Value, query: &str, permissions: &[Permission]) -> Response {
    let request = Setting::request("GET", &format!("/v1/sessions{query}"), session, permissions).build();
    answer(&setting.lookups, handle, request).await
}

#[tokio::test]
async fn the_caller_sees_every_living_session_and_which_is_this_one() {
    let setting = Setting::new().await;
    let first = setting.registered().await;
    let second = setting.login(EMAIL, PASSWORD).await.json();
    let other = setting.register(&registration("b@other.example")).await.json();
    let listed = list(&setting, &first, "", &[]).await.json()["data"].clone();
    let shown: Vec<_> = listed.as_array().unwrap().iter().map(|s| (&s["id"], &s["current"])).collect();
    let (first_id, second_id) = (json!(session_id(&first)), json!(session_id(&second)));
    assert_eq!(shown, [(&second_id, &json!(false)), (&first_id, &json!(true))]);
    assert_eq!((&listed[0]["ip"], &listed[0]["user_agent"]), (&json!("192.0.2.1"), &json!(null)));
    assert_eq!(
        list(&setting, &other, "", &[Permission::UsersManage]).await.json()["data"].as_array().unwrap().len(),
        1
    );

    assert_eq!(
        setting.logout(&second, Some(&json!({ "refresh_token": second["refresh_token"] }))).await.status,
        204
    );
    assert_eq!(list(&setting, &first, "", &[]).await.json()["data"].as_array().unwrap().len(), 1);
    let page = list(&setting, &first, "?limit=1", &[]).await.json();
    assert_eq!(page["next_cursor"], json!(null));
}

#[tokio::test]
async fn who_manages_users_sees_theirs_and_nobody_sees_another_organisation() {
    let setting = Setting::new().await;
    let owner = setting.registered().await;
    let other = setting.register(&registration("b@other.example")).await.json();
    let of = |session: &Value| format!("?user_id={}", session["user"]["id"].as_str().unwrap());
    assert_eq!(list(&setting, &owner, &of(&other), &[Permission::UsersManage]).await.status, 404);
    assert_eq!(list(&setting, &owner, &of(&other), &[]).await.status, 403);
    assert_eq!(list(&setting, &owner, &of(&owner), &[]).await.status, 200);
    assert_eq!(list(&setting, &owner, "?user_id=me", &[Permission::UsersManage]).await.status, 400);
}

#[tokio::test]
async fn the_example_event_lists_nothing_for_a_caller_who_is_gone() {
    let setting = Setting::new().await;
    let response = answer_event(&setting.lookups, handle, "sessions-list/sessions").await;
    assert_eq!((response.status, response.json()), (200, json!({ "data": [], "next_cursor": null })));
}
