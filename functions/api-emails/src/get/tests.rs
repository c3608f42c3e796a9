use domain::EmailType;
use edge::http::RequestBuilder;
use serde_json::json;

use super::*;
use crate::setting::{Setting, report_payload};

fn of(id: EmailId, caller: &edge::Principal) -> RequestBuilder {
    RequestBuilder::new("GET", &format!("/v1/emails/{id}")).principal(caller).path("id", id)
}

#[tokio::test]
async fn a_mail_is_shown_with_its_tries_and_what_it_says() {
    let setting = Setting::new().await;
    let payload = report_payload(setting.owner.org_id, "a.pdf");
    let id = setting.queue(EmailType::ReportReady, "ana@brand.example", &payload).await;
    let mut tenant = setting.db.app().system(setting.owner.org_id).await.unwrap();
    emails::begin(&mut tenant, id, std::time::Duration::ZERO).await.unwrap();
    emails::mark_tried(&mut tenant, id, "the mail service could not take the mail now").await.unwrap();
    tenant.commit().await.unwrap();
    let shown = setting.call("emails-get", of(id, &setting.owner)).await;
    assert_eq!(shown.status, 200);
    let mail = shown.json();
    assert_eq!(
        (&mail["type"], &mail["status"], &mail["attempts"]),
        (&json!("report_ready"), &json!("queued"), &json!(1))
    );
    let events: Vec<&Value> =
        mail["events"].as_array().unwrap().iter().map(|event| &event["event"]).collect();
    assert_eq!(events, [&json!("tried"), &json!("not_accepted")]);
    assert!(mail["text"].as_str().unwrap().contains("Sales summary"));
}

#[tokio::test]
async fn a_file_that_was_too_large_for_its_mail_is_said_to_be_linked() {
    let setting = Setting::new().await;
    let mut payload = report_payload(setting.owner.org_id, "a.pdf");
    payload["file"]["size_bytes"] = json!(mail::MAX_PDF_BYTES + 1);
    let id = setting.queue(EmailType::ReportReady, "ana@brand.example", &payload).await;
    let mail = setting.call("emails-get", of(id, &setting.owner)).await.json();
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("(linked in the mail)") && !text.contains("Attached"), "{text}");
}

#[tokio::test]
async fn a_mail_about_an_account_is_its_readers_alone() {
    let setting = Setting::new().await;
    let payload = json!({ "user_id": setting.owner.user_id, "organization": "Acme", "invited_by": null });
    let id = setting.queue(EmailType::PasswordReset, "ana@brand.example", &payload).await;
    assert_eq!(setting.call("emails-get", of(id, &setting.owner)).await.json()["text"], Value::Null);
}

#[tokio::test]
async fn a_viewer_may_not_and_another_organisation_finds_nothing() {
    let setting = Setting::new().await;
    let id = setting.queue(EmailType::UploadFailed, "ana@brand.example", &json!({})).await;
    let viewer = setting.db.principal(setting.owner.org_id, "viewer").await;
    assert_eq!(setting.call("emails-get", of(id, &viewer)).await.status, 403);
    let other = setting.db.seed("other").await.principal();
    assert_eq!(setting.call("emails-get", of(id, &other)).await.status, 404);
    // A payload that no template reads is a mail all the same.
    assert_eq!(setting.call("emails-get", of(id, &setting.owner)).await.json()["text"], Value::Null);
}
