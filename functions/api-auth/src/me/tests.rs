use edge::http::{RequestBuilder, Response, answer};
use serde_json::json;

use super::*;
use crate::setting::{Setting, answer_event, principal, registration};

async fn me(setting: &Setting, caller: &edge::Principal) -> Response {
    let request = RequestBuilder::new("GET", "/v1/me").principal(caller).build();
    answer(&setting.lookups, handle, request).await
}

#[tokio::test]
async fn the_caller_learns_user_role_permissions_and_organisation() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let response = me(&setting, &principal(&session)).await;
    let body = response.json();
    assert_eq!(response.status, 200);
    assert_eq!(
        (&body["user"]["id"], &body["organization"]),
        (&session["user"]["id"], &session["organization"])
    );
    insta::assert_json_snapshot!(body, { ".user.id" => "[uuid]", ".organization.id" => "[uuid]" });
}

#[tokio::test]
async fn the_role_is_that_of_today() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    setting.execute("UPDATE users SET role = 'viewer'").await;
    let body = me(&setting, &principal(&session)).await.json();
    assert_eq!(body["user"]["role"], "viewer");
    assert_eq!(body["permissions"], json!(["analytics:read", "sales:read", "uploads:read", "vendors:read"]));
}

#[tokio::test]
async fn a_disabled_user_and_a_user_of_another_organisation_are_not_found() {
    let setting = Setting::new().await;
    let caller = principal(&setting.registered().await);
    let other = principal(&setting.register(&registration("b@other.example")).await.json());
    let mixed = edge::Principal { org_id: other.org_id, ..caller.clone() };
    assert_eq!(me(&setting, &mixed).await.status, 404);
    setting.execute("UPDATE users SET disabled_at = now()").await;
    assert_eq!(me(&setting, &caller).await.status, 404);
}

#[tokio::test]
async fn without_a_caller_it_is_401() {
    let setting = Setting::new().await;
    let response = answer(&setting.lookups, handle, RequestBuilder::new("GET", "/v1/me").build()).await;
    assert_eq!((response.status, &response.json()["code"]), (401, &json!("unauthenticated")));
}

#[tokio::test]
async fn the_example_event_is_answered_for_its_caller() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.lookups, handle, "auth-me/me").await.status, 404);
    let caller = testkit::event("auth-me/me")["requestContext"]["authorizer"]["lambda"].clone();
    let id = |name: &str| caller[name].as_str().unwrap().parse::<uuid::Uuid>().unwrap();
    setting.database.seed_as(domain::OrgId(id("org_id")), "aveline").await;
    let update = sqlx::query("UPDATE users SET id = $1").bind(id("user_id"));
    update.execute(setting.database.admin()).await.unwrap();
    let response = answer_event(&setting.lookups, handle, "auth-me/me").await;
    assert_eq!((response.status, &response.json()["user"]["id"]), (200, &caller["user_id"]));
}
