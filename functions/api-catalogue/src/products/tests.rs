use edge::http::RequestBuilder;
use serde_json::{Value, json};

use super::*;
use crate::tests::{Setting, waiting_rows};

const EAN: &str = "9529843000349";

fn body() -> Value {
    json!({"ean": EAN, "sku": "AVMM100", "name": "Marble Market", "category": "fragrance", "size": "100", "list_price_eur": "196.00"})
}

fn patch(setting: &Setting, version: Option<i32>, body: &Value) -> RequestBuilder {
    let request = setting.of(&setting.seeded, "PATCH", "/v1/products/x").path("ean", EAN).json(body);
    match version {
        Some(version) => request.header("if-match", &format!("\"{version}\"")),
        None => request,
    }
}

#[tokio::test]
async fn a_product_is_created_once_found_changed_and_archived() {
    let setting = Setting::new().await;
    let created = setting.post(create::handle, &body()).await;
    assert_eq!((created.status, &created.json()["version"]), (201, &json!(1)));
    let again = setting.post(create::handle, &body()).await;
    assert_eq!((again.status, &again.json()["code"]), (409, &json!("product_exists")));

    let changed = setting
        .send(update::handle, patch(&setting, Some(1), &json!({"category": "perfume", "size": null})))
        .await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    let changed = changed.json();
    assert_eq!(
        (&changed["category"], &changed["size"], &changed["name"], &changed["list_price_eur"]),
        (&json!("perfume"), &json!(null), &json!("Marble Market"), &json!("196.00"))
    );
    assert_eq!(
        setting.send(update::handle, patch(&setting, Some(1), &json!({"active": false}))).await.status,
        412
    );
    assert_eq!(
        setting.send(update::handle, patch(&setting, None, &json!({"active": false}))).await.status,
        428
    );
    assert_eq!(
        setting.send(update::handle, patch(&setting, Some(2), &json!({"active": false}))).await.status,
        200
    );

    for (query, found) in [
        ("", 1),
        ("active=true", 0),
        ("q=marble", 1),
        ("q=AVMM", 1),
        ("q=43000349", 1),
        ("q=rose", 0),
        ("category=perfume", 1),
        ("kind=tester", 0),
    ] {
        let listed = setting.get(list::handle, query).await.json();
        assert_eq!(listed["data"].as_array().unwrap().len(), found, "{query}");
    }
    let stranger = setting.of(&setting.rival, "GET", "/v1/products/x").path("ean", EAN);
    assert_eq!(setting.send(get::handle, stranger).await.status, 404);
    let own = setting.of(&setting.seeded, "GET", "/v1/products/x").path("ean", EAN);
    assert_eq!(setting.send(get::handle, own).await.json()["prices"], json!([]));
}

#[tokio::test]
async fn rows_that_waited_for_a_product_have_it_when_it_comes_and_its_kind_decides_their_class() {
    let setting = Setting::new().await;
    waiting_rows(&setting, "Marble Market", 2).await;
    setting.post(create::handle, &body()).await;
    assert_eq!(setting.classes().await, [("sale".to_owned(), Some(EAN.to_owned()), 2)]);
    assert_eq!(
        setting.send(update::handle, patch(&setting, Some(1), &json!({"kind": "tester"}))).await.status,
        200
    );
    assert_eq!(setting.classes().await, [("tester".to_owned(), Some(EAN.to_owned()), 2)]);
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let setting = Setting::new().await;
    let wrong =
        json!({"ean": "9529843000348", "sku": " ", "name": "x".repeat(501), "list_price_eur": "1.196,00"});
    let answer = setting.post(create::handle, &wrong).await;
    let pointers: Vec<_> =
        answer.json()["fields"].as_array().unwrap().iter().map(|field| field["pointer"].clone()).collect();
    assert_eq!((answer.status, json!(pointers)), (422, json!(["/ean", "/sku", "/name", "/list_price_eur"])));
    assert_eq!(setting.post(create::handle, &json!({"ean": EAN, "colour": "red"})).await.status, 422);
}
