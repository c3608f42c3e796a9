use serde_json::json;

use super::*;
use crate::tests::{Setting, waiting_rows};

#[tokio::test]
async fn spellings_that_look_alike_are_suggested_and_become_one_store_when_confirmed() {
    let setting = Setting::new().await;
    waiting_rows(&setting, "Rose", 2).await;
    sqlx::raw_sql(
        "UPDATE sellout_entries SET store = 'Brama SOP'
         WHERE id = (SELECT id FROM sellout_entries ORDER BY id LIMIT 1);
         UPDATE sellout_entries SET store = 'Brama Sopot' WHERE store IS NULL",
    )
    .execute(setting.database.admin())
    .await
    .unwrap();
    let printed = setting.get(unmatched::handle, "").await.json();
    assert_eq!(printed["data"][0]["store"], "Brama SOP");
    assert_eq!(printed["data"][0]["suggestions"][0]["store"], "Brama Sopot");

    let body =
        json!({"vendor": "liberty", "name": "Brama Sopot", "spellings": ["Brama SOP"], "city": "Sopot"});
    let confirmed = setting.post(confirm::handle, &body).await.json();
    assert_eq!((&confirmed["rows_changed"], &confirmed["rows"]), (&json!(2), &json!(2)));
    assert_eq!(setting.post(confirm::handle, &body).await.json()["rows_changed"], 0);
    assert_eq!(setting.get(unmatched::handle, "").await.json()["data"], json!([]));
    let listed = setting.get(list::handle, "vendor=liberty").await.json();
    assert_eq!(listed["data"][0]["spellings"].as_array().unwrap().len(), 2);

    let id = confirmed["id"].as_str().unwrap();
    let renamed = setting.patch(update::handle, id, &json!({"name": "Sopot", "city": null})).await;
    assert_eq!((&renamed.json()["name"], &renamed.json()["city"]), (&json!("Sopot"), &json!(null)));
    let spelling = confirmed["spellings"][0]["id"].as_str().unwrap();
    assert_eq!(setting.by_id(withdraw::handle, spelling).await.json()["rows_returned"], 1);
    assert_eq!(setting.by_id(withdraw::handle, spelling).await.status, 409);
    assert_eq!(setting.by_id_as_rival(withdraw::handle, spelling).await.status, 404);
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let setting = Setting::new().await;
    let body = json!({"vendor": "", "name": "x", "spellings": [" "], "city": ""});
    let answer = setting.post(confirm::handle, &body).await;
    let pointers: Vec<_> =
        answer.json()["fields"].as_array().unwrap().iter().map(|f| f["pointer"].clone()).collect();
    assert_eq!(
        (answer.status, pointers),
        (422, vec![json!("/vendor"), json!("/spellings/0"), json!("/city")])
    );
    let unknown = json!({"vendor": "liberty", "name": "x", "colour": "red"});
    assert!(matches!(setting.post(confirm::handle, &unknown).await.status, 400 | 422));
}
