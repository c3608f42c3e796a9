use edge::http::{Request, answer};
use serde_json::json;
use testkit::event;

use super::*;
use crate::tests::{Setting, counts, rejects, waiting_rows};

const ROSE: &str = "9529843000349";

async fn with_product() -> Setting {
    let setting = Setting::new().await;
    let csv = format!(
        "ean,sku,name,kind,size,list_price_eur,active,liberty_name\n{ROSE},AV1,Rose,tester,100,,true,L1\n"
    );
    assert_eq!(setting.import(crate::products::import::handle, &csv).await.status, 200);
    setting
}

#[tokio::test]
async fn a_confirmed_name_changes_booked_rows_and_its_withdrawal_changes_them_back() {
    let setting = with_product().await;
    waiting_rows(&setting, "HOLIDAY EDITION", 3).await;
    let body = json!({"vendor": "liberty", "name": "Holiday  Edition", "ean": ROSE});
    let confirmed = setting.post(confirm::handle, &body).await;
    assert_eq!((confirmed.status, &confirmed.json()["rows_changed"]), (201, &json!(3)));
    assert_eq!(setting.classes().await, [("tester".to_owned(), Some(ROSE.to_owned()), 3)]);
    let again = setting.post(confirm::handle, &body).await;
    assert_eq!((again.status, &again.json()["id"]), (200, &confirmed.json()["id"]));

    let id = confirmed.json()["id"].as_str().unwrap().to_owned();
    let withdrawn = setting.by_id(withdraw::handle, &id).await;
    assert_eq!((withdrawn.status, &withdrawn.json()["rows_returned"]), (200, &json!(3)));
    assert_eq!(setting.classes().await, [("sale".to_owned(), None, 3)]);
    assert_eq!(setting.by_id(withdraw::handle, &id).await.json()["code"], "alias_withdrawn");
    assert_eq!(setting.by_id_as_rival(withdraw::handle, &id).await.status, 404);

    let listed = setting.get(list::handle, "vendor=liberty").await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1, "the imported one: {listed}");
    let history = setting.get(list::handle, "history=true").await.json();
    assert_eq!(history["data"][0]["alias"], "Holiday  Edition");
    assert_eq!(history["data"][0]["source"], "confirmed");
    assert_eq!(history["data"][1]["source"], "import");
}

#[tokio::test]
async fn what_is_no_product_waits_no_more() {
    let setting = with_product().await;
    waiting_rows(&setting, "Gift wrap", 2).await;
    let body = json!({"vendor": "liberty", "name": "gift wrap", "ignore": true});
    assert_eq!(setting.post(confirm::handle, &body).await.json()["ean"], json!(null));
    let waiting = setting.get(crate::unmatched::handle, "").await.json();
    assert_eq!(waiting["data"], json!([]));
}

#[tokio::test]
async fn every_field_at_fault_is_named() {
    let setting = with_product().await;
    let fields = async |body| {
        let answer = setting.post(confirm::handle, &body).await;
        let fields = answer.json()["fields"].clone();
        let codes: Vec<String> = fields
            .as_array()
            .unwrap()
            .iter()
            .map(|field| {
                format!("{} {}", field["pointer"].as_str().unwrap(), field["code"].as_str().unwrap())
            })
            .collect();
        (answer.status, codes.join(", "))
    };
    let known = json!({"vendor": " ", "code": "a", "name": "b", "ean": "1"});
    assert_eq!(fields(known).await, (422, "/vendor required, /code one_of, /ean ean_invalid".to_owned()));
    let neither = json!({"vendor": "liberty", "name": "b"});
    assert_eq!(fields(neither).await, (422, "/ean one_of".to_owned()));
    let unknown = json!({"vendor": "liberty", "name": "b", "ean": "4006381333931"});
    assert_eq!(fields(unknown).await, (422, "/ean product_unknown".to_owned()));
}

#[tokio::test]
async fn every_example_event_is_understood() {
    let setting = with_product().await;
    macro_rules! status {
        ($route:expr, $event:literal) => {{
            let event = setting.as_owner(event($event));
            answer(&setting.ctx, $route, Request::from_event(&event.to_string()).unwrap()).await.status
        }};
    }
    assert_eq!(status!(confirm::handle, "aliases-confirm/a-name"), 201);
    assert_eq!(status!(list::handle, "aliases-list/with-history"), 200);
    assert_eq!(status!(withdraw::handle, "aliases-withdraw/by-id"), 404);
    assert_eq!(status!(crate::unmatched::handle, "unmatched-list/of-a-vendor"), 200);
    assert_eq!(status!(crate::stores::list::handle, "stores-list/of-a-vendor"), 200);
    assert_eq!(status!(crate::stores::unmatched::handle, "stores-unmatched/of-a-vendor"), 200);
    assert_eq!(status!(crate::stores::confirm::handle, "stores-confirm/two-spellings"), 200);
    assert_eq!(status!(crate::stores::update::handle, "stores-update/by-id"), 404);
    assert_eq!(status!(crate::stores::withdraw::handle, "store-aliases-withdraw/by-id"), 404);
}

#[tokio::test]
async fn a_file_of_words_changes_booked_rows_and_says_what_it_could_not_take() {
    let setting = with_product().await;
    waiting_rows(&setting, "HOLIDAY EDITION", 3).await;
    waiting_rows(&setting, "Gift wrap", 2).await;
    let file = format!(
        "vendor,word,ean\nliberty,Holiday Edition,{ROSE}\nliberty,Gift wrap,ignore\nliberty,Unknown,9529843000356\n\
         liberty,holiday  edition,ignore\nLiberty!,x,ignore\nliberty,y,12\n"
    );
    let taken = setting.import(import::handle, &file).await;
    assert_eq!(counts(&taken), [2, 0, 0, 4], "{}", taken.json());
    assert_eq!(
        rejects(&taken),
        json!([
            [4, "ean", "product_unknown"],
            [5, "word", "duplicate"],
            [6, "vendor", "vendor_invalid"],
            [7, "ean", "ean_invalid"]
        ])
    );
    assert_eq!(
        setting.classes().await,
        [("sale".to_owned(), None, 2), ("tester".to_owned(), Some(ROSE.to_owned()), 3)]
    );
    let other = "vendor,word,ean\nliberty,Holiday Edition,ignore\nliberty,Gift wrap,ignore\n";
    assert_eq!(counts(&setting.import(import::handle, other).await), [0, 1, 1, 0]);
    assert_eq!(setting.classes().await, [("sale".to_owned(), None, 5)]);
    let history = setting.get(list::handle, "history=true").await.json();
    assert_eq!(
        history["data"].as_array().unwrap().len(),
        4,
        "two decisions about one word, one of each other: {history}"
    );
}

#[tokio::test]
async fn the_example_event_of_words_is_taken() {
    let setting = with_product().await;
    let invoked = setting.as_owner(event("aliases-import/two-words"));
    let taken =
        answer(&setting.ctx, import::handle, Request::from_event(&invoked.to_string()).unwrap()).await;
    assert_eq!(counts(&taken), [2, 0, 0, 0], "{}", taken.json());
}
