use domain::EmailId;
use edge::http::{RequestBuilder, Response};

use super::*;
use crate::setting::{Setting, report_payload};

async fn follow(setting: &Setting, token: &str) -> Response {
    let request = RequestBuilder::new("GET", &format!("/v1/mail-files/{token}")).path("token", token);
    setting.call("mail-files-get", request).await
}

#[tokio::test]
async fn the_link_of_a_mail_leads_to_its_file_for_seven_days() {
    let setting = Setting::new().await;
    let payload = report_payload(setting.owner.org_id, "Übersicht.pdf");
    let id = setting.queue(EmailType::ReportReady, "ana@brand.example", &payload).await;
    let token = setting.token(MailLink::File, id);
    assert_eq!(follow(&setting, &token).await.status, 404, "there is no file yet");
    let key = payload["file"]["object_key"].as_str().unwrap();
    setting.file.reports.put(key, b"%PDF".to_vec()).await.unwrap();
    let found = follow(&setting, &token).await;
    assert_eq!((found.status, found.header("location").unwrap().contains(key)), (302, true));
    assert_eq!(found.header("cache-control"), Some("no-store"));
    sqlx::query("UPDATE email_logs SET created_at = now() - interval '7 days 1 minute'")
        .execute(setting.db.admin())
        .await
        .unwrap();
    assert_eq!(follow(&setting, &token).await.status, 404);
}

#[tokio::test]
async fn no_other_link_leads_anywhere() {
    let setting = Setting::new().await;
    let foreign = report_payload(domain::OrgId::new(), "a.pdf");
    setting
        .file
        .reports
        .put(foreign["file"]["object_key"].as_str().unwrap(), b"%PDF".to_vec())
        .await
        .unwrap();
    let of_foreign_file = setting.queue(EmailType::ReportReady, "ana@brand.example", &foreign).await;
    let of_no_report = setting.queue(EmailType::UploadFailed, "ana@brand.example", &foreign).await;
    for token in [
        setting.token(MailLink::File, of_foreign_file),
        setting.token(MailLink::File, of_no_report),
        setting.token(MailLink::File, EmailId::new()),
        setting.token(MailLink::Unsubscribe, of_foreign_file),
        "x".to_owned(),
    ] {
        assert_eq!(follow(&setting, &token).await.status, 404, "{token}");
    }
}
