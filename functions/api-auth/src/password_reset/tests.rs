use data::{SecretToken, user_tokens::Purpose};
use serde_json::{Value, json};

use crate::setting::{EMAIL, OTHER_PASSWORD, PASSWORD, Setting, answer_event, registration};

use super::*;

async fn token(setting: &Setting, session: &Value) -> String {
    setting.mailed_token(session, Purpose::PasswordReset).await
}

#[tokio::test]
async fn a_mailed_token_sets_a_password_once_and_ends_all_sessions() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let (token, second) = (token(&setting, &session).await, token(&setting, &session).await);
    assert_eq!(setting.reset(&token, OTHER_PASSWORD).await.status, 204);
    assert!(!setting.lives(&session).await);
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 401);
    assert_eq!(setting.login(EMAIL, OTHER_PASSWORD).await.status, 200);
    for used in [token, second] {
        let response = setting.reset(&used, "violet lighthouse 44!").await;
        assert_eq!((response.status, &response.json()["code"]), (401, &json!("invalid_token")));
    }
}

#[tokio::test]
async fn nothing_readable_is_stored_of_a_token() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let token = token(&setting, &session).await;
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT row_to_json(t)::text FROM user_tokens t UNION ALL SELECT row_to_json(e)::text FROM email_logs e")
            .fetch_all(setting.database.admin())
            .await
            .unwrap();
    assert!(rows.len() > 1 && rows.iter().all(|row| !row.contains(&token)), "{rows:?}");
}

#[tokio::test]
async fn a_password_that_is_not_taken_leaves_the_token_as_it_was() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let token = token(&setting, &session).await;
    for weak in ["short", "Password1234", EMAIL] {
        let response = setting.reset(&token, weak).await;
        assert_eq!(
            (response.status, &response.json()["fields"][0]["pointer"]),
            (422, &json!("/new_password"))
        );
    }
    assert!(setting.lives(&session).await);
    assert_eq!(setting.reset(&token, OTHER_PASSWORD).await.status, 204);
}

#[tokio::test]
async fn whatever_is_no_living_token_for_this_reads_the_same() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let other = setting.register(&registration("b@other.example")).await.json();
    let right = token(&setting, &session).await;
    let elsewhere = SecretToken::new(crate::setting::principal(&other).org_id).into_text();
    for text in [
        setting.mailed_token(&session, Purpose::EmailVerification).await,
        setting.mailed_token(&session, Purpose::Invitation).await,
        session["refresh_token"].as_str().unwrap().to_owned(),
        session["access_token"].as_str().unwrap().to_owned(),
        elsewhere,
        format!("{right}="),
        right[1..].to_owned(),
        String::new(),
        "A".repeat(1 << 20),
    ] {
        let response = setting.reset(&text, OTHER_PASSWORD).await;
        assert_eq!((response.status, &response.json()["code"]), (401, &json!("invalid_token")), "{text:.80}");
    }
    setting.execute("UPDATE user_tokens SET expires_at = now()").await;
    assert_eq!(setting.reset(&right, OTHER_PASSWORD).await.status, 401, "expired");
    setting.execute("UPDATE user_tokens SET expires_at = now() + interval '1 minute'").await;
    setting.execute("UPDATE users SET disabled_at = now()").await;
    assert_eq!(setting.reset(&right, OTHER_PASSWORD).await.status, 401, "disabled");
}

#[tokio::test]
async fn a_link_works_for_thirty_minutes() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    token(&setting, &session).await;
    let minutes: i32 =
        sqlx::query_scalar("SELECT (extract(epoch FROM expires_at - created_at) / 60)::int FROM user_tokens")
            .fetch_one(setting.database.admin())
            .await
            .unwrap();
    assert_eq!(minutes, 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_resets_at_once_with_one_token_one_succeeds() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let token = token(&setting, &session).await;
    let (a, b, c) = tokio::join!(
        setting.reset(&token, OTHER_PASSWORD),
        setting.reset(&token, OTHER_PASSWORD),
        setting.reset(&token, OTHER_PASSWORD)
    );
    let mut statuses = [a.status, b.status, c.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 401, 401]);
}

#[tokio::test]
async fn the_example_event_is_refused_since_its_token_is_none() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.passwords, handle, "password-reset/reset").await.status, 401);
}
