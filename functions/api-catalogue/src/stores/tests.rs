use edge::http::{Request, answer};
use serde_json::{Value, json};
use testkit::event;

use super::*;
use crate::tests::{Setting, counts, rejects, waiting_rows};

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
    let change = async |tag: &str, body: &Value| {
        let request = setting.of(&setting.seeded, "PATCH", "/v1/x").path("id", id).json(body);
        setting.send(update::handle, request.header("if-match", tag)).await
    };
    let version = confirmed["version"].as_i64().unwrap();
    let (now, next) = (format!("\"{version}\""), format!("\"{}\"", version + 1));
    let body = json!({"name": "Sopot", "city": null});
    assert_eq!(setting.patch(update::handle, id, &body).await.status, 428);
    let renamed = change(&now, &body).await;
    assert_eq!(renamed.header("etag"), Some(next.as_str()));
    assert_eq!(change(&now, &body).await.status, 412);
    let archived = change(&next, &json!({"archived": true})).await.json();
    assert!(archived["archived_at"].is_string(), "{archived}");
    assert_eq!(archived["rows"], 2, "what it sold stays");
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

#[tokio::test]
async fn a_file_of_spellings_makes_stores_and_moves_booked_rows() {
    let setting = Setting::new().await;
    waiting_rows(&setting, "Rose", 2).await;
    let printed = "UPDATE sellout_entries SET store = 'Brama SOP'";
    sqlx::raw_sql(printed).execute(setting.database.admin()).await.unwrap();
    let file = "vendor,spelling,store,city,kind\nliberty,Brama SOP,Sopot,Sopot,\nliberty,Sopot Brama,Sopot,,\n\
        liberty,brama sop,Gdynia,,\nliberty,x,Gdynia,,kiosk\n";
    let taken = setting.import(import::handle, file).await;
    assert_eq!(counts(&taken), [2, 0, 0, 2], "{}", taken.json());
    assert_eq!(rejects(&taken), json!([[4, "spelling", "duplicate"], [5, "kind", "store_kind_invalid"]]));
    let listed = setting.get(list::handle, "").await.json();
    let store = &listed["data"][0];
    assert_eq!(
        (&store["name"], &store["city"], &store["rows"], store["spellings"].as_array().unwrap().len()),
        (&json!("Sopot"), &json!("Sopot"), &json!(2), 3)
    );
    let sums: Vec<Option<String>> = sqlx::query_scalar("SELECT DISTINCT store FROM sales_daily")
        .fetch_all(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(sums, [Some("Sopot".to_owned())]);
    let again = "vendor,spelling,store\nliberty,Brama SOP,Sopot\nliberty,Sopot Brama,Gdynia\n";
    assert_eq!(counts(&setting.import(import::handle, again).await), [0, 1, 1, 0]);

    let long: String = (0..=1_000).map(|n| format!("liberty,s{n},Sopot\n")).collect();
    let refused = setting.import(import::handle, &format!("vendor,spelling,store\n{long}")).await;
    assert_eq!((refused.status, &refused.json()["code"]), (422, &json!("too_many_rows")));
}

#[tokio::test]
async fn the_example_event_of_spellings_is_taken() {
    let setting = Setting::new().await;
    let invoked = setting.as_owner(event("stores-import/two-spellings"));
    let taken =
        answer(&setting.ctx, import::handle, Request::from_event(&invoked.to_string()).unwrap()).await;
    assert_eq!(counts(&taken), [2, 0, 0, 0], "{}", taken.json());
}
