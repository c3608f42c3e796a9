use edge::http::{RequestBuilder, Response, answer};
use serde_json::json;

use super::*;
use crate::setting::{EMAIL, Setting, answer_event, registration};

async fn forgot(setting: &Setting, email: &str) -> (Response, Duration) {
    let body = json!({ "email": email });
    let request = RequestBuilder::new("POST", "/v1/auth/password/forgot").json(&body).build();
    let started = Instant::now();
    let response = answer(&setting.mails, handle, request).await;
    (response, started.elapsed())
}

fn reset(to: &str) -> (String, String) {
    ("password_reset".to_owned(), to.to_owned())
}

#[tokio::test]
async fn a_known_and_an_unknown_address_get_the_same_answer_in_the_same_time() {
    let setting = Setting::new().await;
    setting.registered().await;
    setting.execute("DELETE FROM email_logs").await;
    setting.queue.drain::<serde_json::Value>().unwrap();
    let (known, took) = forgot(&setting, " Owner@Aveline.example ").await;
    assert_eq!(setting.queue.drain::<serde_json::Value>().unwrap().len(), 1);
    for email in ["nobody@aveline.example", "", "a\u{0}b", "' OR 1=1 --"] {
        let (unknown, took_too) = forgot(&setting, email).await;
        assert_eq!((unknown.status, unknown.body()), (202, known.body()), "{email}");
        let apart = took.abs_diff(took_too).as_secs_f64() / took.as_secs_f64();
        assert!(apart < 0.05, "{took:?} against {took_too:?}");
    }
    assert_eq!(known.status, 202);
    assert_eq!(setting.outbox().await, [reset(EMAIL)]);
    assert!(setting.queue.drain::<serde_json::Value>().unwrap().is_empty());
}

#[tokio::test]
async fn a_mailbox_is_not_flooded_and_a_disabled_user_gets_nothing() {
    let setting = Setting::new().await;
    setting.registered().await;
    setting.register(&registration("gone@other.example")).await;
    setting.execute("UPDATE users SET disabled_at = now() WHERE email = 'gone@other.example'").await;
    setting.execute("DELETE FROM email_logs").await;
    for email in [EMAIL, EMAIL, "gone@other.example"] {
        assert_eq!(forgot(&setting, email).await.0.status, 202);
    }
    assert_eq!(setting.outbox().await, [reset(EMAIL)]);
    setting.execute("UPDATE email_logs SET created_at = created_at - interval '2 minutes'").await;
    assert_eq!(forgot(&setting, EMAIL).await.0.status, 202);
    assert_eq!(setting.outbox().await, [reset(EMAIL), reset(EMAIL)]);
}

#[tokio::test]
async fn the_example_event_is_accepted() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.mails, handle, "password-forgot/forgot").await.status, 202);
}
