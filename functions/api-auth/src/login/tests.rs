use serde_json::json;

use super::*;
use crate::setting::{EMAIL, PASSWORD, Setting, answer_event};

#[tokio::test]
async fn address_and_password_open_a_new_session_of_the_same_shape() {
    let setting = Setting::new().await;
    let registered = setting.registered().await;
    let response = setting.login(" Owner@Aveline.EXAMPLE", PASSWORD).await;
    let session = response.json();
    assert_eq!(response.status, 200);
    for unchanged in ["user", "organization", "token_type", "expires_in"] {
        assert_eq!(session[unchanged], registered[unchanged], "{unchanged}");
    }
    assert_ne!(session["refresh_token"], registered["refresh_token"]);
    assert_eq!(session.as_object().unwrap().len(), registered.as_object().unwrap().len());
    // Both sessions live.
    for session in [&session, &registered] {
        assert_eq!(setting.refresh(&session["refresh_token"]).await.status, 200);
    }
}

#[tokio::test]
async fn wrong_password_unknown_address_and_disabled_user_read_the_same() {
    let setting = Setting::new().await;
    setting.registered().await;
    let mut told = Vec::new();
    for (email, password) in [
        (EMAIL, "violet harbour ledger 43"),
        (EMAIL, ""),
        (EMAIL, "violet harbour ledger 42 "),
        ("nobody@aveline.example", PASSWORD),
        ("", PASSWORD),
        ("owner@aveline.example\u{0}", PASSWORD),
        ("' OR ''='", PASSWORD),
    ] {
        told.push(setting.login(email, password).await);
    }
    told.push(setting.login(EMAIL, &"x".repeat(1_000_000)).await);
    setting.execute("UPDATE users SET disabled_at = now()").await;
    told.push(setting.login(EMAIL, PASSWORD).await);
    for response in told {
        let mut body = response.json();
        body["request_id"] = json!("-");
        assert_eq!(response.status, 401);
        insta::allow_duplicates! { insta::assert_json_snapshot!("invalid_credentials", body) };
    }
}

/// Who cannot get a slot to hash in cannot be answered: so whoever is answered had the password hashed, and the time
/// of an answer tells nothing about the address.
#[tokio::test]
async fn an_unknown_address_costs_a_hash_as_a_wrong_password_does() {
    let setting = Setting::new().await;
    setting.registered().await;
    setting.sessions.passwords.close();
    for (email, password) in [(EMAIL, "violet harbour ledger 43"), ("nobody@aveline.example", PASSWORD)] {
        assert_eq!(setting.login(email, password).await.status, 500, "{email}");
    }
}

#[tokio::test]
async fn a_body_of_another_shape_is_refused() {
    let setting = Setting::new().await;
    for (body, status) in [
        (json!({ "email": EMAIL }), 422),
        (json!({ "email": EMAIL, "password": null }), 422),
        (json!({ "email": EMAIL, "password": PASSWORD, "admin": true }), 422),
        (json!([]), 422),
    ] {
        let request = edge::http::RequestBuilder::new("POST", "/v1/auth/login").json(&body).build();
        assert_eq!(edge::http::answer(&setting.sessions, handle, request).await.status, status, "{body}");
    }
}

#[tokio::test]
async fn the_example_event_logs_in_the_registered_owner() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.sessions, handle, "auth-login/login").await.status, 401);
    setting.registered().await;
    let response = answer_event(&setting.sessions, handle, "auth-login/login").await;
    assert_eq!((response.status, &response.json()["user"]["email"]), (200, &json!(EMAIL)));
}

#[tokio::test]
async fn a_hash_of_lower_parameters_is_replaced_when_its_password_comes_and_not_before() {
    let setting = Setting::new().await;
    setting.registered().await;
    let stored = async || -> String {
        let hash = sqlx::query_scalar("SELECT password_hash FROM users");
        hash.fetch_one(setting.database.admin()).await.unwrap()
    };
    let today = stored().await;
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 200);
    assert_eq!(stored().await, today, "a hash of today stays");

    let weak = crate::passwords::weak_hash(PASSWORD);
    sqlx::query("UPDATE users SET password_hash = $1")
        .bind(&weak)
        .execute(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(setting.login(EMAIL, "violet harbour ledger 43").await.status, 401);
    assert_eq!(stored().await, weak);
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 200);
    assert!(stored().await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 200);
}

/// Whose trail, what, outcome and actor, in order; no row may name an address.
async fn trail(setting: &Setting) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT concat_ws(' ', CASE WHEN o.id IS NULL THEN 'installation' ELSE o.slug END, e.action, e.outcome,
             e.actor_kind, e.details ->> 'reason')
         FROM audit_events e LEFT JOIN organizations o ON o.id = e.org_id
         WHERE e::text NOT LIKE '%@%' ORDER BY e.at",
    )
    .fetch_all(setting.database.admin())
    .await
    .unwrap()
}

#[tokio::test]
async fn who_came_and_who_tried_is_in_the_trail_of_the_organisation_it_is_about() {
    let setting = Setting::new().await;
    setting.registered().await;
    setting.login(EMAIL, PASSWORD).await;
    setting.login(EMAIL, "violet harbour ledger 43").await;
    setting.login("nobody@aveline.example", PASSWORD).await;
    assert_eq!(
        trail(&setting).await,
        [
            "maison-aveline sign_in allowed user",
            "maison-aveline organization_registered allowed user",
            "maison-aveline sign_in allowed user",
            "maison-aveline sign_in failed anonymous wrong_password",
            "installation sign_in failed anonymous unknown_address",
        ]
    );
}
