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
    assert_eq!(
        body["permissions"],
        json!(["analytics:read", "reports:read", "sales:read", "uploads:read", "vendors:read"])
    );
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

#[tokio::test]
async fn a_key_learns_what_it_may_and_nothing_about_its_maker() {
    let setting = Setting::new().await;
    let owner = principal(&setting.registered().await);
    let text = data::api_keys::KeyText::new();
    let new = data::api_keys::NewApiKey {
        id: ApiKeyId::new(),
        name: "Nightly",
        text: &text,
        scopes: &["sales:read".to_owned()],
        created_by: owner.user_id,
        expires_at: chrono::Utc::now() + chrono::Duration::days(1),
    };
    let mut tenant = setting.lookups.database.tenant(&owner).await.unwrap();
    data::api_keys::insert(&mut tenant, &new).await.unwrap();
    tenant.commit().await.unwrap();
    let key = edge::Principal { key_id: Some(new.id), email: text.prefix().to_owned(), ..owner };
    let response = me(&setting, &key).await;
    let body = response.json();
    assert_eq!((response.status, &body["permissions"]), (200, &json!(["sales:read"])), "{body}");
    assert_eq!((&body["api_key"]["prefix"], &body["user"]), (&json!(text.prefix()), &json!(null)));
}
