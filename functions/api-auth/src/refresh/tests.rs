use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use data::{Database, sessions::Client};
use edge::http::answer;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::*;
use crate::setting::{
    EMAIL, PASSWORD, Setting, answer_event, principal, refresh_request, session_context, session_id,
};

/// Refresh tokens in the database that would still be taken.
async fn live_tokens(setting: &Setting) -> i64 {
    sqlx::query_scalar(
        "SELECT count(*) FROM refresh_tokens t JOIN sessions s ON s.id = session_id
         WHERE ended_at IS NULL AND rotated_at IS NULL",
    )
    .fetch_one(setting.database.admin())
    .await
    .unwrap()
}

#[tokio::test]
async fn a_token_is_exchanged_for_a_new_pair() {
    let setting = Setting::new().await;
    let mut session = setting.registered().await;
    for _ in 0..3 {
        let response = setting.refresh(&session["refresh_token"]).await;
        let next = response.json();
        assert_eq!(response.status, 200);
        assert_ne!(next["refresh_token"], session["refresh_token"]);
        assert_eq!((&next["user"], &next["organization"]), (&session["user"], &session["organization"]));
        assert!(setting.allows(&next).await);
        session = next;
    }
    assert_eq!(live_tokens(&setting).await, 1);
}

#[tokio::test]
async fn a_used_token_that_comes_back_ends_its_session_and_no_other() {
    let setting = Setting::new().await;
    let first = setting.registered().await;
    let other = setting.login(EMAIL, PASSWORD).await.json();
    let second = setting.refresh(&first["refresh_token"]).await.json();
    let reused = setting.refresh(&first["refresh_token"]).await;
    assert_eq!(reused.status, 401);
    insta::assert_json_snapshot!(reused.json(), { ".request_id" => "[uuid]" });
    assert_eq!(setting.refresh(&second["refresh_token"]).await.status, 401, "of the ended session");
    assert_eq!(setting.refresh(&other["refresh_token"]).await.status, 200, "of another login");
}

#[tokio::test]
async fn garbage_an_expired_token_and_one_of_another_organisation_are_refused_alike() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let right = session["refresh_token"].as_str().unwrap();
    let mut elsewhere = URL_SAFE_NO_PAD.decode(right).unwrap();
    elsewhere[0] ^= 1;
    for token in [
        String::new(),
        "garbage".into(),
        "\u{e9}\u{0}".into(),
        format!("{right}="),
        format!(" {right}"),
        right[..right.len() - 4].to_owned(),
        "A".repeat(right.len()),
        "A".repeat(1 << 20),
        URL_SAFE_NO_PAD.encode(&elsewhere),
        session["access_token"].as_str().unwrap().to_owned(),
    ] {
        let response = setting.refresh(&json!(token)).await;
        let told = (response.status, response.json()["code"].clone());
        assert_eq!(told, (401, json!("invalid_refresh_token")), "{token:.80}");
    }
    for body in [json!(null), json!(7), json!([right])] {
        assert_eq!(setting.refresh(&body).await.status, 422, "{body}");
    }
    setting.execute("UPDATE refresh_tokens SET expires_at = now()").await;
    assert_eq!(setting.refresh(&session["refresh_token"]).await.status, 401, "expired");
    setting.execute("UPDATE refresh_tokens SET expires_at = now() + interval '1 day'").await;
    assert_eq!(setting.refresh(&session["refresh_token"]).await.status, 200, "nothing above used it up");
}

#[tokio::test]
async fn a_disabled_user_gets_no_new_pair() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    setting.execute("UPDATE users SET disabled_at = now()").await;
    assert_eq!(setting.refresh(&session["refresh_token"]).await.status, 401);
}

/// Refreshes each token in a process of its own, as Lambda would, all at once.
async fn refresh_at_once(setting: &Setting, tokens: Vec<Value>) -> Vec<(u16, Value)> {
    let start = Arc::new(tokio::sync::Barrier::new(tokens.len()));
    let mut calls = JoinSet::new();
    for token in tokens {
        let (settings, start) = (setting.database.settings(), Arc::clone(&start));
        calls.spawn(async move {
            let sessions = session_context(Database::connect(&settings).unwrap());
            start.wait().await;
            let response = answer(&sessions, handle, refresh_request(&token)).await;
            (response.status, response.json())
        });
    }
    calls.join_all().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_refreshes_at_once_one_succeeds_and_the_session_ends() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let answers = refresh_at_once(&setting, vec![session["refresh_token"].clone(); 50]).await;
    let statuses: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 49, "{statuses:?}");
    // The others were reuse: what the one was given is worth nothing now.
    let won = answers.into_iter().find(|(status, _)| *status == 200).unwrap().1;
    assert_eq!(setting.refresh(&won["refresh_token"]).await.status, 401);
    assert_eq!(live_tokens(&setting).await, 0);
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 200);
}

/// Waits until a statement of another connection waits for a lock.
async fn until_blocked(setting: &Setting) {
    let blocked = "SELECT EXISTS (SELECT FROM pg_stat_activity
                   WHERE datname = current_database() AND wait_event_type = 'Lock')";
    while !sqlx::query_scalar::<_, bool>(blocked).fetch_one(setting.database.admin()).await.unwrap() {
        tokio::task::yield_now().await;
    }
}

/// A thief's rotation is under way, its new token not yet visible to others, when the session is ended by reuse of an
/// old token or by a logout: the new token must not outlive that.
#[tokio::test]
async fn a_session_ended_during_a_refresh_stays_ended() {
    for everywhere in [false, true] {
        let setting = Setting::new().await;
        let first = setting.registered().await;
        let second = setting.refresh(&first["refresh_token"]).await.json();
        let old = SecretToken::read(second["refresh_token"].as_str().unwrap()).unwrap();
        let new = SecretToken::new(old.org());
        let thief = Database::connect(&setting.database.settings()).unwrap();
        let mut rotating = thief.system(old.org()).await.unwrap();
        let stored = NewToken { hash: &new.hash(), expires_at: session::refresh_expiry() };
        let rotation =
            sessions::rotate(&mut rotating, &old.hash(), stored, &Client::default()).await.unwrap();
        let session_id = session_id(&first);
        assert_eq!(rotation, Rotation::Rotated { user_id: principal(&first).user_id, session_id });

        let ending = async {
            if everywhere {
                assert_eq!(setting.logout(&first, None).await.status, 204);
            } else {
                assert_eq!(setting.refresh(&first["refresh_token"]).await.status, 401);
            }
        };
        let finishing = async {
            until_blocked(&setting).await;
            rotating.commit().await.unwrap();
        };
        let both = async { tokio::join!(ending, finishing) };
        tokio::time::timeout(std::time::Duration::from_secs(30), both)
            .await
            .expect("the ending waits its turn");
        assert_eq!(live_tokens(&setting).await, 0, "everywhere: {everywhere}");
    }
}

#[tokio::test]
async fn the_example_event_is_refused_since_its_token_is_none() {
    let setting = Setting::new().await;
    let response = answer_event(&setting.sessions, handle, "auth-refresh/refresh").await;
    assert_eq!((response.status, &response.json()["code"]), (401, &json!("invalid_refresh_token")));
}
