use edge::http::{Request, answer};
use rust_decimal::Decimal;
use serde_json::json;
use testkit::event;

use super::*;
use crate::tests::{Setting, counts, rejects};

const SAMPLE: &str = include_str!("../../../../shared/ingest/test_data/vendors/fx.csv");

const SALE: &str = "WITH file AS (
        INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
        VALUES ('0198f5a0-0000-7000-8000-000000000001', $1, 'a.xlsx', 1, 'api', 'k', now()) RETURNING org_id, id)
    INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, quantity, amount_local,
        currency, vat_included, line_class, source_row, key_hash, content_hash, active)
    SELECT org_id, id, 'liberty', 'main', '2025-01-05', '2025-01-11', 1, 100, 'GBP', true, 'sale', 6, '', '', true
    FROM file";

fn csv(rows: &str) -> String {
    format!("month,currency,eur_per_unit,source\n{rows}")
}

/// Euro of the one booked row, and of the daily sums.
async fn booked(setting: &Setting) -> (Option<Decimal>, Vec<Option<Decimal>>) {
    let admin = setting.database.admin();
    let row = sqlx::query_scalar("SELECT amount_eur FROM sellout_entries").fetch_one(admin).await.unwrap();
    let days = sqlx::query_scalar("SELECT amount_eur FROM sales_daily").fetch_all(admin).await.unwrap();
    (row, days)
}

#[tokio::test]
async fn the_sample_rates_are_taken_whole_and_twice_changes_nothing() {
    let setting = Setting::new().await;
    assert_eq!(counts(&setting.import(handle, SAMPLE).await), [240, 0, 0, 0]);
    assert_eq!(counts(&setting.import(handle, SAMPLE).await), [0, 0, 240, 0]);
    assert!(setting.known(&setting.rival).await.rates.is_empty());
}

#[tokio::test]
async fn the_example_event_is_taken() {
    let setting = Setting::new().await;
    let invoked = setting.as_owner(event("fx-rates-import/two-months"));
    let taken = answer(&setting.ctx, handle, Request::from_event(&invoked.to_string()).unwrap()).await;
    assert_eq!(counts(&taken), [3, 0, 0, 0]);
}

#[tokio::test]
async fn rows_at_fault_are_answered_and_the_others_taken() {
    let setting = Setting::new().await;
    let rows = "2025-01,GBP,1.145198,bank\n2025-13,GBP,1.1,bank\n2025-02,POUND,1.1,bank\n2025-02,EUR,1,bank\n\
        2025-02,GBP,0,bank\n2025-02,GBP,1.1,\n2025-01,gbp,1.2,bank";
    let response = setting.import(handle, &csv(rows)).await;
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json());
    assert_eq!(setting.known(&setting.seeded).await.rates.len(), 1);
}

#[tokio::test]
async fn a_rate_converts_what_was_booked_without_it_or_with_another() {
    let setting = Setting::new().await;
    sqlx::query(SALE).bind(setting.seeded.org.0).execute(setting.database.admin()).await.unwrap();
    setting.import(handle, &csv("2025-02,GBP,1.5,bank\n2025-01,USD,1.5,bank")).await;
    assert_eq!(booked(&setting).await, (None, vec![]));

    let euro = |cents| Some(Decimal::new(cents, 2));
    setting.import(handle, &csv("2025-01,GBP,1.20,bank")).await;
    assert_eq!(booked(&setting).await, (euro(12_000), vec![euro(12_000)]));
    let changed = setting.import(handle, &csv("2025-01,GBP,1.25,bank")).await;
    assert_eq!(counts(&changed), [0, 1, 0, 0]);
    assert_eq!(booked(&setting).await, (euro(12_500), vec![euro(12_500)]));
}

#[tokio::test]
async fn rates_of_one_organisation_leave_the_books_of_another_alone() {
    let setting = Setting::new().await;
    sqlx::query(SALE).bind(setting.rival.org.0).execute(setting.database.admin()).await.unwrap();
    assert_eq!(counts(&setting.import(handle, SAMPLE).await)[0], 240);
    assert_eq!(booked(&setting).await, (None, vec![]));
}

#[tokio::test]
async fn a_missing_column_is_named_and_a_long_list_of_rejects_is_cut() {
    let setting = Setting::new().await;
    let refused = setting.import(handle, "month,currency,source\n").await;
    assert_eq!(refused.status, 422);
    insta::assert_json_snapshot!(refused.json(), {".request_id" => "[id]"});

    let response = setting.import(handle, &csv(&"x,GBP,1,bank\n".repeat(1_001))).await;
    assert_eq!(counts(&response), [0, 0, 0, 1_001]);
    assert_eq!(rejects(&response)[999], json!([1_001, "month", "month_invalid"]));
    assert_eq!(response.json()["rejected"].as_array().unwrap().len(), 1_000);
}

#[tokio::test]
async fn a_request_sent_twice_under_one_key_is_answered_alike() {
    let setting = Setting::new().await;
    let (one, other) = (csv("2025-01,GBP,1.20,bank"), csv("2025-01,GBP,1.25,bank"));
    let first = setting.import_keyed("k1", handle, &one).await;
    let again = setting.import_keyed("k1", handle, &one).await;
    assert_eq!((counts(&first), first.json()), ([1, 0, 0, 0], again.json()));
    let reused = setting.import_keyed("k1", handle, &other).await;
    assert_eq!((reused.status, &reused.json()["code"]), (422, &json!("idempotency_key_reused")));
    assert_eq!(setting.import_keyed("", handle, &one).await.status, 400);
    assert_eq!(counts(&setting.import_keyed("k2", handle, &other).await), [0, 1, 0, 0]);
}

#[tokio::test]
async fn a_rate_is_set_changed_under_its_version_and_listed() {
    let setting = Setting::new().await;
    let set = async |currency: &str, month: &str, tag: &str, rate: &str| {
        let request = setting
            .of(&setting.seeded, "PUT", "/v1/fx-rates/x/y")
            .path("currency", currency)
            .path("month", month);
        let request = request.header("if-match", tag).json(&json!({"eur_per_unit": rate, "source": "bank"}));
        setting.send(set::handle, request).await
    };
    let first = set("GBP", "2026-01", "", "1.20").await;
    assert_eq!(
        (first.status, first.json()),
        (
            200,
            json!({"month": "2026-01", "currency": "GBP", "eur_per_unit": "1.2", "source": "bank", "version": 1})
        )
    );
    assert_eq!(set("GBP", "2026-01", "\"3\"", "1.25").await.status, 412);
    assert_eq!(set("GBP", "2026-01", "\"1\"", "1.25").await.json()["version"], 2);
    for (currency, month, rate, status) in [
        ("EUR", "2026-01", "1", 404),
        ("GBP", "January", "1", 404),
        ("GBP", "2026-02", "0", 422),
        ("USD", "2026-02", "x", 422),
    ] {
        assert_eq!(set(currency, month, "", rate).await.status, status, "{currency} {month} {rate}");
    }
    let listed = setting.get(list::handle, "currency=GBP").await.json();
    assert_eq!(
        (listed["data"].as_array().unwrap().len(), &listed["data"][0]["eur_per_unit"]),
        (1, &json!("1.25"))
    );
}

#[tokio::test]
async fn a_rate_that_is_taken_away_leaves_a_gap_in_everything_that_it_converted() {
    let setting = Setting::new().await;
    sqlx::query(SALE).bind(setting.seeded.org.0).execute(setting.database.admin()).await.unwrap();
    setting.import(handle, &csv("2025-01,GBP,1.20,bank\n2025-02,GBP,1.20,bank")).await;
    let remove = async |month: &str, tag: &str| {
        let request = setting.of(&setting.seeded, "DELETE", "/v1/fx-rates/x/y");
        let request = request.path("currency", "GBP").path("month", month).header("if-match", tag);
        setting.send(remove::handle, request).await.status
    };
    assert_eq!(remove("2025-01", "\"7\"").await, 412);
    assert_eq!(remove("2025-02", "\"1\"").await, 204);
    let euro = Some(Decimal::new(12_000, 2));
    assert_eq!(booked(&setting).await, (euro, vec![euro]), "of another month");
    assert_eq!(remove("2025-01", "\"1\"").await, 204);
    assert_eq!(booked(&setting).await, (None, vec![None]));
    assert_eq!(remove("2025-01", "\"1\"").await, 404);
    setting.import(handle, &csv("2025-01,GBP,1.20,bank")).await;
    assert_eq!(booked(&setting).await, (euro, vec![euro]), "and it is filled again");
    let request =
        Request::from_event(&setting.as_owner(event("fx-rates-remove/january")).to_string()).unwrap();
    assert_eq!(answer(&setting.ctx, remove::handle, request).await.status, 204);
}
