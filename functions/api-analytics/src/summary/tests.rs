use edge::http::{RequestBuilder, Response, answer};
use serde_json::json;
use testkit::{Seeded, TestDatabase};
use uuid::Uuid;

use super::*;

const FIGURES: &str = "INSERT INTO sales_rollup (org_id, vendor, counts_on, channel, currency, line_class, records,
        quantity, with_quantity, amount_local, with_amount, amount_eur, with_euro, unconverted,
        paired_quantity, paired_eur)
    SELECT $1, vendor, counts_on, channel, currency, line_class, records, quantity, records, amount_local, records,
        coalesce(amount_eur, 0), CASE WHEN amount_eur IS NULL THEN 0 ELSE records END,
        CASE WHEN amount_eur IS NULL THEN records ELSE 0 END,
        CASE WHEN amount_eur IS NULL THEN 0 ELSE quantity END, coalesce(amount_eur, 0)
    FROM (VALUES
        ('boxnox', date '2026-01-31', 'retail', 'EUR', 'sale', 3, 4, 300.00, 300.00),
        ('boxnox', '2026-02-28', 'retail', 'EUR', 'sale', 3, 3, 400.10, 400.105),
        ('boxnox', '2026-02-28', 'online', 'EUR', 'return', 1, -1, -50.00, -50.00),
        ('liberty', '2026-02-28', 'retail', 'GBP', 'sale', 1, 1, 99.00, NULL)
    ) AS t (vendor, counts_on, channel, currency, line_class, records, quantity, amount_local, amount_eur)";

const STATEMENTS: &str = "WITH file AS (
        INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
        VALUES ($2, $1, 'a.xlsx', 1, 'api', 'k', '2026-03-05T08:00:00Z') RETURNING org_id, id, stated_at)
    INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version,
        stated_at, document_kind, records, quantity, change, active)
    SELECT org_id, id, vendor, 'main', first, last, 'EUR', 1, stated_at, 'snapshot', 1, 1, 'new', true
    FROM file, (VALUES ('boxnox', date '2026-01-01', date '2026-01-31'), ('boxnox', '2026-02-01', '2026-02-28'),
        ('liberty', '2026-02-01', '2026-02-07'), ('liberty', '2026-02-22', '2026-02-28')) AS p (vendor, first, last)";

async fn seeded(database: &TestDatabase, slug: &str) -> Seeded {
    let seeded = database.seed(slug).await;
    for (statement, upload) in [(FIGURES, None), (STATEMENTS, Some(Uuid::now_v7()))] {
        let query = sqlx::query(statement).bind(seeded.org.0);
        let query = if upload.is_some() { query.bind(upload) } else { query };
        query.execute(database.admin()).await.unwrap();
    }
    seeded
}

async fn summary(database: &TestDatabase, seeded: &Seeded, query: &str) -> Response {
    let principal = database.principal(seeded.org, "viewer").await;
    let request =
        RequestBuilder::new("GET", &format!("/v1/analytics/summary{query}")).principal(&principal).build();
    answer(&Context::new(database.app().clone()), handle, request).await
}

#[tokio::test]
async fn figures_come_with_the_span_before_and_with_what_is_missing() {
    let database = TestDatabase::new().await;
    let seeded = seeded(&database, "aveline").await;
    let response = summary(&database, &seeded, "?from=2026-02-01&to=2026-02-28").await;
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json());
}

#[tokio::test]
async fn filters_narrow_the_figures_and_without_both_dates_nothing_is_compared() {
    let database = TestDatabase::new().await;
    let seeded = seeded(&database, "aveline").await;
    let body = summary(&database, &seeded, "?channel=online&vendor=boxnox").await.json();
    assert_eq!(
        (&body["revenue_eur"], &body["returns_eur"], &body["units"]),
        (&json!("-50.00"), &json!("-50.00"), &json!("-1"))
    );
    assert_eq!((&body["previous"], &body["change"]), (&json!(null), &json!(null)));
}

#[tokio::test]
async fn an_organisation_without_sales_gets_zeros_and_sees_nobody_elses() {
    let database = TestDatabase::new().await;
    seeded(&database, "aveline").await;
    let empty = database.seed("empty").await;
    let body = summary(&database, &empty, "?from=2026-01-01&to=2026-12-31").await.json();
    assert_eq!(
        (&body["revenue_eur"], &body["orders"], &body["average_price_eur"]),
        (&json!("0.00"), &json!(0), &json!(null))
    );
    assert_eq!(body["change"]["revenue_eur"], json!({ "absolute": "0.00", "percent": null }));
    assert_eq!(body["coverage"], json!({ "missing": [], "known_gaps": [], "pending": [] }));
}

#[tokio::test]
async fn a_span_or_parameter_at_fault_is_named() {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    for (query, field) in [
        ("?from=2026-02-01&to=2026-01-01", "to"),
        ("?from=1800-01-01&to=2026-01-01", "to"),
        ("?from=2026-02-30", "from"),
        ("?channel=pigeon", "channel"),
        ("?metric=revenue", "metric"),
    ] {
        let response = summary(&database, &seeded, query).await;
        assert_eq!(
            (response.status, &response.json()["fields"][0]["pointer"]),
            (400, &json!(field)),
            "{query}"
        );
    }
}
