use edge::{
    Principal,
    http::{RequestBuilder, Response},
};
use serde_json::{Value, json};

use crate::setting::Setting;

impl Setting {
    async fn word(&self, by: &Principal, kind: &str, body: Value) -> Response {
        let request = RequestBuilder::new("PUT", &format!("/v1/email-templates/{kind}")).principal(by);
        self.call("email-templates-update", request.path("type", kind).json(&body)).await
    }

    async fn preview(&self, by: &Principal, kind: &str, body: Value) -> Response {
        let request =
            RequestBuilder::new("POST", &format!("/v1/email-templates/{kind}/preview")).principal(by);
        self.call("email-templates-preview", request.path("type", kind).json(&body)).await
    }
}

#[tokio::test]
async fn own_words_are_kept_listed_and_seen_in_the_preview() {
    let setting = Setting::new().await;
    let owner = setting.owner.clone();
    let body = json!({ "subject": "{{ title }} of {{ organization }}", "intro": "Dear <b>all</b>" });
    assert_eq!(setting.word(&owner, "report_ready", body.clone()).await.status, 200);
    let list = setting
        .call("email-templates-list", RequestBuilder::new("GET", "/v1/email-templates").principal(&owner))
        .await;
    let all = list.json();
    let kept = all["data"].as_array().unwrap().iter().find(|row| row["type"] == "report_ready").unwrap();
    assert_eq!((&kept["subject"], &kept["intro"]), (&body["subject"], &body["intro"]));
    let shown = setting.preview(&owner, "report_ready", json!({})).await.json();
    assert_eq!(shown["subject"], "Sales summary of Maison Exemple");
    assert!(shown["html"].as_str().unwrap().contains("Dear &lt;b&gt;all&lt;"), "{shown}");
    let tried = setting.preview(&owner, "report_ready", json!({ "subject": "Only tried" })).await.json();
    assert_eq!(tried["subject"], "Only tried");
    assert_eq!(setting.word(&owner, "report_ready", json!({})).await.status, 200);
    let shown = setting.preview(&owner, "report_ready", json!({})).await.json();
    assert_eq!(shown["subject"], "Sales summary, January 2026 (Every first Monday)");
}

#[tokio::test]
async fn words_that_could_do_harm_are_refused_or_harmless() {
    let setting = Setting::new().await;
    let owner = setting.owner.clone();
    for (body, pointer) in [
        (json!({ "subject": "{{ link }}" }), "/subject"),
        (json!({ "subject": "" }), "/subject"),
        (json!({ "subject": "x".repeat(201) }), "/subject"),
        (json!({ "intro": "{{ 7 * 7 }}" }), "/intro"),
        (json!({ "intro": "a\u{0}b" }), "/intro"),
    ] {
        let refused = setting.word(&owner, "report_ready", body).await;
        assert_eq!((refused.status, &refused.json()["fields"][0]["pointer"]), (422, &json!(pointer)));
    }
    let shown = setting.preview(&owner, "upload_failed", json!({ "subject": "a\r\nBcc: x@y.example" })).await;
    assert_eq!(shown.json()["subject"], "a  Bcc: x@y.example");
    assert_eq!(setting.word(&owner, "no_such_kind", json!({})).await.status, 404);
}

#[tokio::test]
async fn who_may_not_change_settings_changes_no_words() {
    let setting = Setting::new().await;
    let analyst = setting.db.principal(setting.owner.org_id, "analyst").await;
    assert_eq!(setting.word(&analyst, "report_ready", json!({ "intro": "x" })).await.status, 403);
    assert_eq!(setting.preview(&analyst, "report_ready", json!({})).await.status, 200);
}
