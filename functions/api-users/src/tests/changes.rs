//! Changing, disabling and removing.

use data::{
    sessions::{self, Client, NewToken},
    user_tokens::{self, Purpose},
};
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_change_names_the_version_that_was_read() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "viewer").await;
    let body = json!({ "role": "analyst" });
    let bare = of_user("PATCH", &setting.owner, ana.user_id).json(&body).build();
    let bare = answer(&setting.ctx, update::handle, bare).await;
    assert_eq!((bare.status, &bare.json()["code"]), (428, &json!("precondition_required")));
    let read = setting.get(&setting.owner, ana.user_id).await;
    let tag = read.header("etag").unwrap();
    let changed = setting.update_at(&setting.owner, ana.user_id, tag, &body).await;
    assert_eq!((changed.status, &changed.json()["role"]), (200, &json!("analyst")));
    assert_ne!(changed.header("etag"), Some(tag));
    let stale = setting.update_at(&setting.owner, ana.user_id, tag, &json!({ "role": "viewer" })).await;
    assert_eq!((stale.status, &stale.json()["code"]), (412, &json!("precondition_failed")));
    assert_eq!(setting.get(&setting.owner, ana.user_id).await.json()["role"], "analyst");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_of_one_version_one_is_made() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "viewer").await;
    let (first, second) = (json!({ "role": "analyst" }), json!({ "full_name": "Ana" }));
    let (first, second) = tokio::join!(
        setting.update_at(&setting.owner, ana.user_id, "\"1\"", &first),
        setting.update_at(&setting.owner, ana.user_id, "\"1\"", &second)
    );
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

#[tokio::test]
async fn a_name_is_set_and_taken_away_and_what_is_not_said_stays() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "viewer").await.user_id;
    let named = setting.update(&setting.owner, ana, &json!({ "full_name": " Ana Lima " })).await.json();
    assert_eq!((&named["full_name"], &named["role"]), (&json!("Ana Lima"), &json!("viewer")));
    let same = setting.update(&setting.owner, ana, &json!({})).await.json();
    assert_eq!(same["full_name"], "Ana Lima");
    let bare = setting.update(&setting.owner, ana, &json!({ "full_name": null })).await.json();
    assert_eq!(bare["full_name"], json!(null));
    for body in [json!({ "full_name": "" }), json!({ "email": "x@y.example" }), json!({ "role": "root" })] {
        assert_eq!(setting.update(&setting.owner, ana, &body).await.status, 422, "{body}");
    }
}

/// A session and a mailed token of this user.
async fn signed_in(setting: &Setting, user: &Principal) {
    let mut tenant = setting.database.app().system(user.org_id).await.unwrap();
    let token = NewToken { hash: &[7; 32], expires_at: chrono::Utc::now() + chrono::Duration::days(1) };
    sessions::open(&mut tenant, user.user_id, token, &Client::default()).await.unwrap();
    user_tokens::issue(&mut tenant, user.user_id, Purpose::PasswordReset).await.unwrap();
    tenant.commit().await.unwrap();
}

const LIVING: &str =
    "SELECT (SELECT count(*) FROM sessions WHERE ended_at IS NULL) + (SELECT count(*) FROM user_tokens)";

async fn token_version(setting: &Setting, user: UserId) -> i32 {
    sqlx::query_scalar("SELECT token_version FROM users WHERE id = $1")
        .bind(user.0)
        .fetch_one(setting.database.admin())
        .await
        .unwrap()
}

#[tokio::test]
async fn disabling_ends_everything_at_once_and_enabling_lets_in_again() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "analyst").await;
    signed_in(&setting, &ana).await;
    assert_eq!(setting.count(LIVING).await, 2);
    let disabled = setting.update(&setting.owner, ana.user_id, &json!({ "disabled": true })).await;
    assert_eq!((disabled.status, &disabled.json()["status"]), (200, &json!("disabled")));
    assert_eq!(setting.count(LIVING).await, 0);
    assert_eq!(token_version(&setting, ana.user_id).await, 2);
    let enabled = setting.update(&setting.owner, ana.user_id, &json!({ "disabled": false })).await.json();
    assert_eq!((&enabled["status"], &enabled["disabled_at"]), (&json!("active"), &json!(null)));
    assert_eq!(setting.count(LIVING).await, 0, "what was ended stays ended");
}

#[tokio::test]
async fn another_role_ends_the_access_tokens_and_no_session() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "analyst").await;
    signed_in(&setting, &ana).await;
    assert_eq!(setting.update(&setting.owner, ana.user_id, &json!({ "role": "viewer" })).await.status, 200);
    assert_eq!((token_version(&setting, ana.user_id).await, setting.count(LIVING).await), (2, 2));
}

#[tokio::test]
async fn a_removed_user_is_gone_and_the_address_is_free() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "analyst").await;
    signed_in(&setting, &ana).await;
    let response = setting.remove(&setting.owner, ana.user_id).await;
    assert_eq!((response.status, response.body().len()), (204, 0));
    assert_eq!(setting.count(LIVING).await, 0);
    for again in [
        setting.get(&setting.owner, ana.user_id).await.status,
        setting.remove(&setting.owner, ana.user_id).await.status,
        setting.update(&setting.owner, ana.user_id, &json!({ "disabled": false })).await.status,
    ] {
        assert_eq!(again, 404);
    }
    assert_eq!(setting.list(&setting.owner, "").await.json()["data"].as_array().unwrap().len(), 1);
    let personal = "SELECT count(*) FROM users WHERE email LIKE 'ana%' OR (removed_at IS NOT NULL
                    AND (full_name IS NOT NULL OR password_hash IS NOT NULL OR disabled_at IS NULL))";
    assert_eq!(setting.count(personal).await, 0);
    let again = json!({ "email": ana.email, "role": "viewer" });
    assert_eq!(setting.invite(&setting.owner, &again).await.status, 201);
}

#[tokio::test]
async fn a_second_factor_is_taken_from_who_has_lost_it_and_ends_the_sessions() {
    let setting = Setting::new().await;
    let ana = setting.user("ana", "analyst").await;
    let admin = setting.user("admin", "admin").await;
    let none = setting.remove_mfa(&setting.owner, ana.user_id).await;
    assert_eq!((none.status, &none.json()["code"]), (409, &json!("mfa_not_enabled")));
    setting
        .execute(
            "INSERT INTO mfa_factors (user_id, org_id, sealed_secret, confirmed_at)
             SELECT id, org_id, 'sealed', now() FROM users",
        )
        .await;
    signed_in(&setting, &ana).await;
    assert_eq!(
        setting.remove_mfa(&admin, setting.owner.user_id).await.status,
        403,
        "an owner's, by an admin"
    );
    assert_eq!(setting.remove_mfa(&setting.owner, setting.owner.user_id).await.status, 409, "the own");
    assert_eq!(setting.remove_mfa(&admin, ana.user_id).await.status, 204);
    assert_eq!(setting.count("SELECT count(*) FROM mfa_factors").await, 2);
    assert_eq!(setting.count("SELECT count(*) FROM sessions WHERE ended_at IS NULL").await, 0);
    let example = answer(&setting.ctx, mfa_remove::handle, event("users-mfa-remove/mfa")).await;
    assert_eq!(example.status, 403, "the caller of the example event is gone");
}
