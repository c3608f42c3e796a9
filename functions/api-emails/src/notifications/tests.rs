use edge::{
    Principal,
    http::{RequestBuilder, Response},
};
use serde_json::{Value, json};

use crate::setting::Setting;

impl Setting {
    async fn choose(&self, by: &Principal, choices: Value) -> Response {
        let request = RequestBuilder::new("PUT", "/v1/me/notifications").principal(by);
        self.call("notifications-update", request.json(&json!({ "choices": choices }))).await
    }

    async fn choice(&self, by: &Principal, kind: &str) -> Value {
        let all = self
            .call("notifications-get", RequestBuilder::new("GET", "/v1/me/notifications").principal(by))
            .await
            .json();
        all["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["type"] == kind)
            .map_or(Value::Null, |row| row["choice"].clone())
    }
}

#[tokio::test]
async fn everybody_chooses_for_themselves() {
    let setting = Setting::new().await;
    let (owner, viewer) = (setting.owner.clone(), setting.db.principal(setting.owner.org_id, "viewer").await);
    let chosen =
        setting.choose(&viewer, json!({ "upload_completed": "digest", "report_ready": "off" })).await;
    assert_eq!(chosen.status, 200);
    assert_eq!(setting.choice(&viewer, "upload_completed").await, "digest");
    assert_eq!(setting.choice(&viewer, "report_ready").await, "off");
    assert_eq!(setting.choice(&owner, "report_ready").await, "on");
    assert_eq!(setting.choice(&owner, "password_reset").await, Value::Null);
    assert_eq!(setting.choose(&viewer, json!({ "report_ready": "on" })).await.status, 200);
    assert_eq!(setting.choice(&viewer, "report_ready").await, "on");
}

#[tokio::test]
async fn what_cannot_be_had_so_is_named_and_nothing_is_changed() {
    let setting = Setting::new().await;
    let owner = setting.owner.clone();
    for (choices, code) in [
        (json!({ "report_ready": "digest", "upload_failed": "off" }), "not_possible"),
        (json!({ "password_reset": "off" }), "not_possible"),
        (json!({ "digest": "off" }), "not_possible"),
        (json!({ "no_such_kind": "off" }), "unknown_type"),
    ] {
        let refused = setting.choose(&owner, choices).await;
        assert_eq!((refused.status, &refused.json()["fields"][0]["code"]), (422, &json!(code)));
    }
    assert_eq!(setting.choice(&owner, "upload_failed").await, "on");
}
