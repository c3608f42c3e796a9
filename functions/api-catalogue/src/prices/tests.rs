use edge::http::{Request, answer};
use serde_json::json;
use testkit::event;

use super::*;
use crate::tests::{Setting, counts, rejects};

const SAMPLE: &str = include_str!("../../../../shared/ingest/test_data/vendors/prices.csv");
const EAN: &str = "9529843000349";

/// Rows of one product, each `price,from,to`.
fn csv(rows: &[&str]) -> String {
    rows.iter()
        .fold("ean,price_eur,valid_from,valid_to\n".to_owned(), |csv, row| format!("{csv}{EAN},{row}\n"))
}

async fn held(setting: &Setting) -> Vec<String> {
    let known = setting.known(&setting.seeded).await;
    let shown = |price: &ListPrice| {
        let end = price.valid_to.map(|end| end.to_string()).unwrap_or_default();
        format!("{},{},{end}", price.price_eur, price.valid_from)
    };
    known.prices.iter().map(shown).collect()
}

#[tokio::test]
async fn the_sample_prices_are_taken_whole_and_twice_changes_nothing() {
    let setting = Setting::new().await;
    assert_eq!(counts(&setting.import(handle, SAMPLE).await), [44, 0, 0, 0]);
    assert_eq!(counts(&setting.import(handle, SAMPLE).await), [0, 0, 44, 0]);
    assert!(setting.known(&setting.rival).await.prices.is_empty());
}

#[tokio::test]
async fn the_example_event_is_taken() {
    let setting = Setting::new().await;
    let invoked = setting.as_owner(event("prices-import/a-price-and-its-successor"));
    let taken = answer(&setting.ctx, handle, Request::from_event(&invoked.to_string()).unwrap()).await;
    assert_eq!(counts(&taken), [3, 0, 0, 0]);
}

#[tokio::test]
async fn rows_at_fault_are_answered_and_the_others_taken() {
    let setting = Setting::new().await;
    let rows = [
        "196.00,2023-01-01,2023-12-31",
        "-5,2024-01-01,",
        "200.00,01.01.2024,",
        "200.00,2024-01-01,2023-12-31",
        ",2024-01-01,",
        "199.00,2023-01-01,2023-02-01",
        "210.00,2023-12-31,",
    ];
    let response = setting.import(handle, &csv(&rows)).await;
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json());
    assert_eq!(held(&setting).await, ["196.00,2023-01-01,2023-12-31"]);
}

#[tokio::test]
async fn a_price_is_succeeded_by_ending_it_in_whatever_order() {
    let setting = Setting::new().await;
    setting.import(handle, &csv(&["196.00,2023-01-01,"])).await;
    let alone = setting.import(handle, &csv(&["210.00,2025-01-01,"])).await;
    assert_eq!((counts(&alone)[3], rejects(&alone)), (1, json!([[2, "valid_from", "range_overlaps"]])));

    let both = csv(&["210.00,2025-01-01,", "196.00,2023-01-01,2024-12-31"]);
    assert_eq!(counts(&setting.import(handle, &both).await), [1, 1, 0, 0]);
    assert_eq!(held(&setting).await, ["196.00,2023-01-01,2024-12-31", "210.00,2025-01-01,"]);
}

#[tokio::test]
async fn a_row_that_relied_on_a_rejected_one_is_rejected_as_well() {
    let setting = Setting::new().await;
    let stored = ["1,2023-01-01,2023-12-31", "2,2024-01-01,2024-12-31", "3,2025-01-01,"];
    setting.import(handle, &csv(&stored)).await;
    // The last row would shorten 2025, but overlaps the first one; so 2025 stays open and the second cannot be.
    let rows =
        ["9,2024-06-01,2025-03-31", "4,2027-01-01,", "3,2025-01-01,2026-12-31", "2,2024-01-01,2024-05-31"];
    let response = setting.import(handle, &csv(&rows)).await;
    let overlaps = |row: u64| json!([row, "valid_from", "range_overlaps"]);
    assert_eq!(rejects(&response), json!([overlaps(2), overlaps(3), overlaps(4)]));
    assert_eq!(held(&setting).await, ["1,2023-01-01,2023-12-31", "2,2024-01-01,2024-05-31", "3,2025-01-01,"]);
}

fn named_price(setting: &Setting, method: &str, day: &str) -> edge::http::RequestBuilder {
    setting.of(&setting.seeded, method, "/v1/prices/x/y").path("ean", EAN).path("valid_from", day)
}

#[tokio::test]
async fn a_price_is_set_changed_under_its_version_and_taken_away() {
    let setting = Setting::new().await;
    let set = async |day: &str, tag: Option<&str>, body: serde_json::Value| {
        let request = named_price(&setting, "PUT", day).json(&body);
        let request = tag.map_or(request.clone(), |tag| request.header("if-match", tag));
        setting.send(set::handle, request).await
    };
    let first = set("2026-01-01", None, json!({"price_eur": "196.00"})).await;
    assert_eq!((first.status, first.header("etag")), (200, Some("\"1\"")));
    let body = json!({"price_eur": "210.00", "valid_to": "2026-12-31"});
    assert_eq!(set("2026-01-01", None, body.clone()).await.status, 428);
    assert_eq!(set("2026-01-01", Some("\"7\""), body.clone()).await.status, 412);
    let overlapping = set("2025-06-01", None, body.clone()).await;
    assert_eq!((overlapping.status, &overlapping.json()["code"]), (409, &json!("range_overlaps")));
    let changed = set("2026-01-01", Some("\"1\""), body).await.json();
    assert_eq!(
        (&changed["price_eur"], &changed["valid_to"], &changed["version"]),
        (&json!("210.00"), &json!("2026-12-31"), &json!(2))
    );
    assert_eq!(set("2027-01-01", None, json!({"price_eur": "220"})).await.status, 200);
    for body in [json!({"price_eur": "-1"}), json!({"price_eur": "1", "valid_to": "2020-01-01"}), json!({})] {
        assert_eq!(set("2028-01-01", None, body.clone()).await.status, 422, "{body}");
    }

    let listed =
        async |query: &str| setting.get(list::handle, query).await.json()["data"].as_array().unwrap().len();
    assert_eq!((listed("").await, listed("on=2026-06-01").await, listed("ean=x").await), (2, 1, 0));
    let remove = |tag: &str| named_price(&setting, "DELETE", "2027-01-01").header("if-match", tag);
    assert_eq!(setting.send(remove::handle, remove("\"2\"")).await.status, 412);
    assert_eq!(setting.send(remove::handle, remove("\"1\"")).await.status, 204);
    assert_eq!(setting.send(remove::handle, remove("\"1\"")).await.status, 404);
    assert_eq!(held(&setting).await, ["210.00,2026-01-01,2026-12-31"]);
}
