use data::{MailLink, mail_choices};
use domain::{EmailId, EmailType, MailChoice};
use edge::http::{RequestBuilder, Response};
use serde_json::json;

use crate::setting::Setting;

fn text(response: &Response) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

impl Setting {
    async fn show(&self, token: &str) -> Response {
        let request = RequestBuilder::new("GET", &format!("/v1/unsubscribe/{token}"));
        self.call("unsubscribe-show", request.path("token", token)).await
    }

    async fn confirm(&self, token: &str) -> Response {
        let request = RequestBuilder::new("POST", &format!("/v1/unsubscribe/{token}"));
        self.call("unsubscribe-confirm", request.path("token", token)).await
    }

    async fn chosen(&self, kind: EmailType) -> MailChoice {
        let mut tenant = self.db.app().system(self.owner.org_id).await.unwrap();
        mail_choices::of(&mut tenant, "ana@brand.example", kind).await.unwrap()
    }
}

#[tokio::test]
async fn one_click_ends_mails_of_this_kind_and_looking_does_not() {
    let setting = Setting::new().await;
    let id = setting.queue(EmailType::ReportReady, "Ana@brand.example", &json!({})).await;
    let token = setting.token(MailLink::Unsubscribe, id);
    let shown = setting.show(&token).await;
    assert_eq!(shown.status, 200);
    assert!(shown.header("content-type").unwrap().starts_with("text/html"));
    assert_eq!(setting.chosen(EmailType::ReportReady).await, MailChoice::On);
    for _ in 0..2 {
        let done = setting.confirm(&token).await;
        assert_eq!(done.status, 200);
        for page in [text(&shown), text(&done)] {
            assert!(!page.to_lowercase().contains("ana") && !page.to_lowercase().contains("acme"), "{page}");
        }
        assert_eq!(setting.chosen(EmailType::ReportReady).await, MailChoice::Off);
    }
    assert_eq!(setting.chosen(EmailType::UploadFailed).await, MailChoice::On);
}

#[tokio::test]
async fn a_link_tells_nobody_whether_its_reader_is_there() {
    let setting = Setting::new().await;
    let id = setting.queue(EmailType::UploadFailed, "ana@brand.example", &json!({})).await;
    let real = setting.confirm(&setting.token(MailLink::Unsubscribe, id)).await;
    let gone = setting.confirm(&setting.token(MailLink::Unsubscribe, EmailId::new())).await;
    assert_eq!((real.status, text(&real)), (gone.status, text(&gone)));
}

#[tokio::test]
async fn forged_links_and_mails_about_an_account_end_nothing() {
    let setting = Setting::new().await;
    let id = setting.queue(EmailType::PasswordReset, "ana@brand.example", &json!({})).await;
    setting.confirm(&setting.token(MailLink::Unsubscribe, id)).await;
    assert_eq!(setting.chosen(EmailType::PasswordReset).await, MailChoice::On);
    for token in ["x".to_owned(), setting.token(MailLink::File, id)] {
        assert_eq!(setting.show(&token).await.status, 404);
        assert_eq!(setting.confirm(&token).await.status, 404);
    }
}
