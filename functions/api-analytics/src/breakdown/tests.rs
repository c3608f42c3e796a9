use serde_json::{Value, json};

use super::handle;
use crate::books::Books;

const PATH: &str = "/v1/analytics/breakdown";

async fn body(books: &Books, query: &str) -> Value {
    let response = books.ask(handle, "analyst", &format!("{PATH}{query}")).await;
    assert_eq!(response.status, 200, "{query}: {}", String::from_utf8_lossy(response.body()));
    response.json()
}

/// One field of every group, in order.
fn column<'a>(body: &'a Value, field: &str) -> Vec<&'a Value> {
    body["data"].as_array().unwrap().iter().map(|row| &row[field]).collect()
}

#[tokio::test]
async fn groups_come_highest_first_with_shares_names_and_the_total() {
    let books = Books::new().await;
    insta::assert_json_snapshot!(body(&books, "?by=vendor&from=2026-02-01&to=2026-02-28").await);
}

#[tokio::test]
async fn every_dimension_splits_the_same_total() {
    let books = Books::new().await;
    for (by, groups) in [
        ("day", json!(["2026-02-10", "2026-02-20", "2026-02-25", "2026-02-28"])),
        ("week", json!(["2026-02-09", "2026-02-16", "2026-02-23"])),
        ("month", json!(["2026-02-01"])),
        ("quarter", json!(["2026-01-01"])),
        ("year", json!(["2026-01-01"])),
        ("fiscal_year", json!(["2026-01-01"])),
        ("vendor", json!(["boxnox", "liberty", "webshop"])),
        ("store", json!(["Berlin", "London", "Online", "Warsaw", null])),
        ("store_kind", json!(["online", "physical", null])),
        ("channel", json!(["online", "retail"])),
        ("product", json!(["9529843000349", "9529843000356", null])),
        ("category", json!(["Candle", "Perfume", null])),
        ("size", json!(["100", "220", null])),
        ("country", json!(["DE", "GB", "PL"])),
        ("city", json!(["Berlin", null])),
        ("currency", json!(["EUR", "GBP"])),
        ("line_class", json!(["return", "sale"])),
    ] {
        let body = body(&books, &format!("?by={by}&from=2026-02-01&to=2026-02-28")).await;
        assert_eq!(
            (&body["total"]["revenue_eur"], &body["total"]["units"]),
            (&json!("780.00"), &json!("10")),
            "{by}"
        );
        let mut names = column(&body, by);
        names.sort_by_key(|name| (name.is_null(), name.as_str()));
        assert_eq!(json!(names), groups, "{by}");
        let sum = |field: &str| -> f64 {
            column(&body, field).iter().filter_map(|figure| figure.as_str()?.parse::<f64>().ok()).sum()
        };
        assert!((sum("revenue_eur") - 780.0).abs() < 0.001 && (sum("units") - 10.0).abs() < 0.001, "{by}");
        assert!((sum("share") - 100.0).abs() < 0.05, "{by}: {}", sum("share"));
    }
}

#[tokio::test]
async fn what_web_shops_alone_report_is_about_their_lines() {
    let books = Books::new().await;
    let body =
        body(&books, "?by=utm_source&metric=revenue_eur,orders,average_order_value_eur,items_per_order")
            .await;
    assert_eq!(json!(column(&body, "utm_source")), json!([null, "google"]));
    assert_eq!(json!(column(&body, "orders")), json!([1, 1]));
    assert_eq!(json!(column(&body, "average_order_value_eur")), json!(["200.00", "100.00"]));
    assert_eq!(json!(column(&body, "items_per_order")), json!(["2", "1"]));
}

#[tokio::test]
async fn costs_need_their_permission_and_are_of_lines_whose_cost_is_known() {
    let books = Books::new().await;
    let query = "?by=channel&metric=cost_eur,fees_eur,gross_profit_eur,margin&from=2026-02-01&to=2026-02-28";
    let total = body(&books, query).await["total"].clone();
    assert_eq!(
        total,
        json!({ "cost_eur": "120.00", "fees_eur": "9.00", "gross_profit_eur": "171.00", "margin": "57.00" })
    );
    let denied = books.ask(handle, "viewer", &format!("{PATH}{query}")).await;
    assert_eq!((denied.status, denied.json()["code"].clone()), (403, json!("forbidden")));
}

#[tokio::test]
async fn a_figure_that_nobody_reports_is_null_with_the_reason() {
    let books = Books::new().await;
    let body =
        body(&books, "?by=vendor&metric=orders,revenue_local,sell_through,average_price_eur&sort=-orders")
            .await;
    assert_eq!(json!(column(&body, "orders")), json!([2, null, null]));
    assert_eq!(body["data"][1]["reasons"]["orders"]["code"], "not_reported");
    assert_eq!(body["total"]["reasons"]["revenue_local"]["code"], "several_currencies");
    assert_eq!(body["total"]["reasons"]["sell_through"]["code"], "no_stock");
    // 1 630 + 230 euro over the pieces that have an amount.
    assert_eq!(body["total"]["average_price_eur"], "97.89");
}

#[tokio::test]
async fn filters_keep_or_leave_out_values_and_rows_that_do_not_say() {
    let books = Books::new().await;
    for (query, revenue) in [
        ("&vendor=liberty", "230.00"),
        ("&vendor=liberty&vendor=boxnox", "480.00"),
        ("&not_vendor=liberty", "550.00"),
        ("&channel=offline", "480.00"),
        ("&channel=online", "300.00"),
        ("&store=null", "300.00"),
        ("&not_store=null&not_store=Warsaw", "330.00"),
        ("&category=Perfume", "630.00"),
        ("&line_class=return", "-175.00"),
        ("&country=DE&channel=retail", "100.00"),
        ("&city=Berlin", "300.00"),
        ("&utm_source=google", "100.00"),
        ("&store=%27%3B%20DROP%20TABLE%20sales%3B%20--", "0.00"),
    ] {
        let body = body(&books, &format!("?by=month&from=2026-02-01&to=2026-02-28{query}")).await;
        assert_eq!(body["total"]["revenue_eur"], revenue, "{query}");
    }
}

#[tokio::test]
async fn pages_cover_every_group_once() {
    let books = Books::new().await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let body = body(&books, &format!("?by=store,product&limit=2&cursor={cursor}")).await;
        seen.extend(
            body["data"].as_array().unwrap().iter().map(|row| (row["store"].clone(), row["product"].clone())),
        );
        match body["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let distinct: std::collections::BTreeSet<String> = seen.iter().map(|key| format!("{key:?}")).collect();
    assert_eq!((seen.len(), distinct.len()), (8, 8), "{seen:?}");
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_the_parameter() {
    let books = Books::new().await;
    for (query, field) in [
        ("", "by"),
        ("?by=colour", "by"),
        ("?by=vendor,store,product,country", "by"),
        ("?by=vendor,vendor", "by"),
        ("?by=vendor&metric=profit", "metric"),
        ("?by=vendor&colour=red", "colour"),
        ("?by=vendor&month=2026-01", "month"),
        ("?by=vendor&currency=POUND", "currency"),
        ("?by=vendor&channel=pigeon", "channel"),
        ("?by=vendor&limit=0", "limit"),
        ("?by=vendor&limit=-1", "limit"),
        ("?by=vendor&limit=1000000000", "limit"),
        ("?by=vendor&cursor=edited", "cursor"),
        ("?by=vendor&sort=colour", "sort"),
        ("?by=vendor&from=2026-02-30", "from"),
        ("?by=vendor&from=2026-03-01&to=2026-02-01", "to"),
        ("?by=vendor&from=1800-01-01&to=2026-02-01", "to"),
        ("?by=vendor&from=2026-01-01&from=2026-02-01", "from"),
    ] {
        let response = books.ask(handle, "viewer", &format!("{PATH}{query}")).await;
        assert_eq!(
            (response.status, &response.json()["fields"][0]["pointer"]),
            (400, &json!(field)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn somebody_limited_to_a_vendor_sees_its_figures_alone() {
    let books = Books::new().await;
    let viewer = books.database.principal(books.seeded.org, "viewer").await;
    sqlx::query("INSERT INTO policies (org_id, name, user_id, vendors) VALUES ($1, 'p', $2, '{liberty}')")
        .bind(books.seeded.org.0)
        .bind(viewer.user_id.0)
        .execute(books.database.admin())
        .await
        .unwrap();
    let body = books.ask_as(handle, &viewer, &format!("{PATH}?by=vendor")).await.json();
    assert_eq!(json!(column(&body, "vendor")), json!(["liberty"]));
    assert_eq!(body["total"]["revenue_eur"], "460.00");
}
