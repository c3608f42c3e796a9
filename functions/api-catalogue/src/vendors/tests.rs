use edge::http::RequestBuilder;
use serde_json::{Value, json};

use super::*;
use crate::tests::Setting;

async fn setting() -> Setting {
    let setting = Setting::new().await;
    for org in [setting.seeded.org, setting.rival.org] {
        sqlx::query("INSERT INTO vendors (org_id, key, name) VALUES ($1, 'skins_nl', 'Skins NL')")
            .bind(org.0)
            .execute(setting.database.admin())
            .await
            .unwrap();
    }
    setting
}

fn patch(setting: &Setting, key: &str, version: i32, body: &Value) -> RequestBuilder {
    let request = setting.of(&setting.seeded, "PATCH", "/v1/vendors/x").path("key", key).json(body);
    request.header("if-match", &format!("\"{version}\""))
}

#[tokio::test]
async fn a_vendor_is_named_by_people_under_the_version_they_saw() {
    let setting = setting().await;
    let body = json!({"name": "Skins Cosmetics", "country": "NL", "contact_email": "data@skins.example"});
    let changed = setting.send(update::handle, patch(&setting, "skins_nl", 1, &body)).await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    assert_eq!(setting.send(update::handle, patch(&setting, "skins_nl", 1, &body)).await.status, 412);
    assert_eq!(setting.send(update::handle, patch(&setting, "unknown", 1, &body)).await.status, 404);
    let listed = setting.get(list::handle, "").await.json();
    assert_eq!(
        (&listed["data"][0]["name"], &listed["data"][0]["country"]),
        (&json!("Skins Cosmetics"), &json!("NL"))
    );
    let rival = setting.send(list::handle, setting.of(&setting.rival, "GET", "/v1/vendors")).await.json();
    assert_eq!(rival["data"][0]["name"], "Skins NL");
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let setting = setting().await;
    let body = json!({"name": " ", "country": "Poland", "contact_email": "nobody"});
    let answer = setting.send(update::handle, patch(&setting, "skins_nl", 1, &body)).await.json();
    let pointers: Vec<_> =
        answer["fields"].as_array().unwrap().iter().map(|field| field["pointer"].clone()).collect();
    assert_eq!(json!(pointers), json!(["/name", "/country", "/contact_email"]));
}

#[tokio::test]
async fn a_vendor_has_a_contact_with_a_language_and_can_be_archived() {
    let setting = setting().await;
    let body = json!({"contact_name": " Jan Kowalski ", "contact_language": "pl", "archived": true});
    let changed = setting.send(update::handle, patch(&setting, "skins_nl", 1, &body)).await.json();
    assert_eq!(
        (&changed["contact_name"], &changed["contact_language"]),
        (&json!("Jan Kowalski"), &json!("pl"))
    );
    assert!(changed["archived_at"].is_string(), "{changed}");
    let body = json!({"contact_name": null, "archived": false});
    let changed = setting.send(update::handle, patch(&setting, "skins_nl", 2, &body)).await.json();
    assert_eq!(
        (&changed["contact_name"], &changed["contact_language"], &changed["archived_at"]),
        (&Value::Null, &json!("pl"), &Value::Null)
    );
    for (body, pointer) in [
        (json!({"contact_language": "xx"}), "/contact_language"),
        (json!({"contact_name": " "}), "/contact_name"),
    ] {
        let answer = setting.send(update::handle, patch(&setting, "skins_nl", 3, &body)).await;
        assert_eq!((answer.status, &answer.json()["fields"][0]["pointer"]), (422, &json!(pointer)));
    }
}
