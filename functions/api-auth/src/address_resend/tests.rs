use edge::http::{Response, answer};
use serde_json::Value;

use super::*;
use crate::setting::{EMAIL, Setting, answer_event};

async fn resend(setting: &Setting, session: &Value) -> Response {
    let request = Setting::request("POST", "/v1/auth/email/resend", session, &[]).build();
    answer(&setting.mails, handle, request).await
}

#[tokio::test]
async fn the_mail_comes_again_but_not_every_second_and_not_when_it_was_read() {
    let setting = Setting::new().await;
    let session = setting.registered().await;
    let mail = ("email_verification".to_owned(), EMAIL.to_owned());
    assert_eq!(resend(&setting, &session).await.status, 202);
    assert_eq!(setting.outbox().await.len(), 1, "that of the registration is a moment old");
    setting.execute("UPDATE email_logs SET created_at = created_at - interval '2 minutes'").await;
    assert_eq!(resend(&setting, &session).await.status, 202);
    assert_eq!(setting.outbox().await, [mail.clone(), mail]);
    setting.execute("UPDATE users SET email_verified_at = now()").await;
    assert_eq!(resend(&setting, &session).await.status, 409);
}

#[tokio::test]
async fn the_example_event_is_not_found_for_a_caller_who_is_gone() {
    let setting = Setting::new().await;
    assert_eq!(answer_event(&setting.mails, handle, "address-resend/resend").await.status, 404);
}
