use data::emails::NewEmail;
use domain::EmailId;
use edge::{
    Principal,
    http::{RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{TestDatabase, event};

use super::*;

struct Setting {
    db: TestDatabase,
    ctx: Context,
    principal: Principal,
}

async fn setting() -> Setting {
    let db = TestDatabase::new().await;
    let org = db.seed("acme").await.org;
    let principal = db.principal(org, "analyst").await;
    let ctx = Context { database: db.app().clone() };
    Setting { db, ctx, principal }
}

impl Setting {
    async fn queue(&self, kind: EmailType) -> EmailId {
        let id = EmailId::new();
        let mut tenant = self.db.app().system(self.principal.org_id).await.unwrap();
        let email = NewEmail {
            id,
            kind,
            recipient: "ana@acme.example",
            payload: &json!({}),
            upload_id: None,
            request_id: None,
        };
        emails::insert(&mut tenant, &email).await.unwrap();
        tenant.commit().await.unwrap();
        id
    }

    async fn get(&self, query: &str, principal: &Principal) -> Response {
        let request = RequestBuilder::new("GET", &format!("/v1/emails{query}")).principal(principal).build();
        answer(&self.ctx, handle, request).await
    }
}

fn ids(response: &Response) -> Vec<Value> {
    response.json()["data"].as_array().unwrap().iter().map(|email| email["id"].clone()).collect()
}

#[tokio::test]
async fn the_log_lists_a_mail_whole() {
    let setting = setting().await;
    setting.queue(EmailType::UploadCompleted).await;
    let response = setting.get("", &setting.principal).await;
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json(), {".data[].id" => "[id]", ".data[].created_at" => "[time]"});
}

#[tokio::test]
async fn the_log_is_filtered_and_paged() {
    let setting = setting().await;
    let first = setting.queue(EmailType::UploadCompleted).await;
    let second = setting.queue(EmailType::UploadFailed).await;
    let page = setting.get("?limit=1", &setting.principal).await;
    assert_eq!(ids(&page), [json!(second)]);
    let cursor = page.json()["next_cursor"].as_str().unwrap().to_owned();
    let page = setting.get(&format!("?limit=1&cursor={cursor}"), &setting.principal).await;
    assert_eq!((ids(&page), &page.json()["next_cursor"]), (vec![json!(first)], &Value::Null));

    assert_eq!(ids(&setting.get("?type=upload_failed", &setting.principal).await), [json!(second)]);
    assert!(ids(&setting.get("?status=sent", &setting.principal).await).is_empty());
    assert!(ids(&setting.get("?to=2020-01-01", &setting.principal).await).is_empty());
    assert_eq!(ids(&setting.get("?from=2020-01-01&status=queued", &setting.principal).await).len(), 2);
}

#[tokio::test]
async fn an_unknown_parameter_word_or_date_is_named() {
    let setting = setting().await;
    for (query, pointer) in [("?colour=1", "colour"), ("?status=lost", "status"), ("?from=monday", "from")] {
        let response = setting.get(query, &setting.principal).await;
        assert_eq!(
            (response.status, &response.json()["fields"][0]["pointer"]),
            (400, &json!(pointer)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_viewer_and_another_organisation_see_no_mail() {
    let setting = setting().await;
    setting.queue(EmailType::UploadCompleted).await;
    let viewer = setting.db.principal(setting.principal.org_id, "viewer").await;
    assert_eq!(setting.get("", &viewer).await.status, 403);
    let other = setting.db.seed("other").await.principal();
    assert!(ids(&setting.get("", &other).await).is_empty());
}

#[tokio::test]
async fn the_example_event_is_answered() {
    let setting = setting().await;
    let request = Request::from_event(&event("emails-list/by-status").to_string()).unwrap();
    assert_eq!(answer(&setting.ctx, handle, request).await.status, 200);
}
