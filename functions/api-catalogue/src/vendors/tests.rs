use edge::http::{Request, RequestBuilder, answer};
use serde_json::{Value, json};
use testkit::event;

use super::*;
use crate::tests::{Setting, counts, rejects};

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

#[tokio::test]
async fn a_vendor_is_made_known_before_its_first_file_once() {
    let setting = setting().await;
    let body = json!({"key": "harrods", "name": "Harrods", "country": "GB", "contact_language": "fr"});
    let made = setting.post(create::handle, &body).await;
    assert_eq!((made.status, &made.json()["contact_language"]), (201, &json!("fr")), "{}", made.json());
    assert_eq!((&made.json()["last_reported"], &made.json()["version"]), (&Value::Null, &json!(1)));
    let again = setting.post(create::handle, &body).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("vendor_exists")));
    let body = json!({"key": "Harrods!", "name": " ", "country": "gb", "contact_email": "x"});
    let refused = setting.post(create::handle, &body).await.json();
    let pointers: Vec<_> =
        refused["fields"].as_array().unwrap().iter().map(|field| field["pointer"].clone()).collect();
    assert_eq!(json!(pointers), json!(["/name", "/key", "/country", "/contact_email"]));
    let rival = setting.send(list::handle, setting.of(&setting.rival, "GET", "/v1/vendors")).await.json();
    assert_eq!(rival["data"].as_array().unwrap().len(), 1, "{rival}");
}

#[tokio::test]
async fn a_file_of_vendors_makes_and_changes_them_and_leaves_what_it_does_not_say() {
    let setting = setting().await;
    let file = "key,name,contact_email,country\nharrods,Harrods,data@harrods.example,GB\nskins_nl,Skins,data@skins.example,\n\
        Skins,x,,\nliberty,Liberty,nobody,\nboxnox,Boxnox,,Spain\n";
    let taken = setting.import(import::handle, file).await;
    assert_eq!(counts(&taken), [1, 1, 0, 3], "{}", taken.json());
    assert_eq!(
        rejects(&taken),
        json!([
            [4, "key", "vendor_invalid"],
            [5, "contact_email", "email_invalid"],
            [6, "country", "country_invalid"]
        ])
    );
    assert_eq!(
        counts(&setting.import(import::handle, "key,name\nskins_nl,Skins\nharrods,Harrods\n").await),
        [0, 0, 2, 0]
    );
    let listed = setting.get(list::handle, "").await.json();
    assert_eq!(
        (&listed["data"][0]["country"], &listed["data"][1]["contact_email"], &listed["data"][1]["version"]),
        (&json!("GB"), &json!("data@skins.example"), &json!(2))
    );
}

#[tokio::test]
async fn the_example_events_are_taken() {
    let setting = setting().await;
    let request = |name: &str| Request::from_event(&setting.as_owner(event(name)).to_string()).unwrap();
    let made = answer(&setting.ctx, create::handle, request("vendors-create/a-retailer")).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let taken = answer(&setting.ctx, import::handle, request("vendors-import/two-retailers")).await;
    assert_eq!(counts(&taken), [1, 0, 1, 0], "{}", taken.json());
}
