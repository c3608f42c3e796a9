use edge::{
    Principal,
    http::{RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase, event};
use uuid::Uuid;

use super::*;
use crate::{reporting_periods, summary};

/// Weeks of Liberty with two left out, all stated on the same day.
const WEEKS: &str = "WITH file AS (
        INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
        VALUES ($2, $1, 'weeks.xlsx', 1, 'api', 'k', '2026-04-01T12:00:00Z') RETURNING org_id, id, stated_at)
    INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version,
        stated_at, document_kind, records, quantity, amount_local, change, active)
    SELECT org_id, id, 'liberty', 'main', first, first + 6, 'GBP', 1, stated_at, 'snapshot', 2, 3, 99.5, 'new', true
    FROM file, unnest('{2026-02-08,2026-02-15,2026-03-08,2026-03-15}'::date[]) AS first";

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    viewer: Principal,
    ctx: Context,
}

async fn setting() -> Setting {
    let database = TestDatabase::new().await;
    let seeded = database.seed("aveline").await;
    sqlx::query(WEEKS).bind(seeded.org.0).bind(Uuid::now_v7()).execute(database.admin()).await.unwrap();
    let ctx = Context::new(database.app().clone());
    let viewer = database.principal(seeded.org, "viewer").await;
    Setting { database, seeded, viewer, ctx }
}

impl Setting {
    fn request(&self, path: &str) -> Request {
        RequestBuilder::new("GET", path).principal(&self.viewer).build()
    }

    async fn coverage(&self, query: &str) -> Response {
        answer(&self.ctx, handle, self.request(&format!("/v1/analytics/coverage{query}"))).await
    }

    async fn mark(&self, first: &str, last: &str) {
        let mark = "INSERT INTO known_gaps (id, org_id, vendor, first_day, last_day, reason, created_by)
             VALUES ($1, $2, 'liberty', $3::date, $4::date, 'their system failed', $5)";
        sqlx::query(mark)
            .bind(Uuid::now_v7())
            .bind(self.seeded.org.0)
            .bind(first.parse::<NaiveDate>().unwrap())
            .bind(last.parse::<NaiveDate>().unwrap())
            .bind(self.seeded.owner.0)
            .execute(self.database.admin())
            .await
            .unwrap();
    }
}

const SPAN: &str = "?from=2026-02-01&to=2026-03-20";

#[tokio::test]
async fn the_matrix_shows_what_came_and_what_did_not() {
    let setting = setting().await;
    let response = setting.coverage(SPAN).await;
    assert_eq!(response.status, 200);
    insta::assert_json_snapshot!(response.json(), {
        ".as_of" => "[today]", ".data[].periods[].upload.id" => "[id]"
    });
}

#[tokio::test]
async fn the_summary_misses_exactly_what_the_matrix_misses_before_and_after_a_gap_is_known() {
    let setting = setting().await;
    for marked in [false, true] {
        if marked {
            setting.mark("2026-02-22", "2026-02-28").await;
        }
        let matrix = setting.coverage(SPAN).await.json();
        let request = setting.request(&format!("/v1/analytics/summary{SPAN}"));
        let summary = answer(&setting.ctx, summary::handle, request).await.json();
        let days = |list: &Value| -> Vec<(Value, Value)> {
            list.as_array().unwrap().iter().map(|cell| (cell["start"].clone(), cell["end"].clone())).collect()
        };
        assert_eq!(days(&summary["coverage"]["missing"]), days(&matrix["missing"]));
        assert_eq!(days(&matrix["missing"]).len(), if marked { 1 } else { 2 });
        assert_eq!(days(&summary["coverage"]["known_gaps"]).len(), usize::from(marked));
    }
}

#[tokio::test]
async fn what_lies_ahead_of_a_backlog_is_unknown_and_not_missing() {
    let setting = setting().await;
    let body = setting.coverage("?from=2026-03-22&to=2026-04-04").await.json();
    let states: Vec<&Value> =
        body["data"][0]["periods"].as_array().unwrap().iter().map(|cell| &cell["state"]).collect();
    assert_eq!(states, ["unknown", "unknown"]);
    assert_eq!((&body["missing"], &body["data"][0]["history"]["enough"]), (&json!([]), &json!(false)));
}

#[tokio::test]
async fn an_organisation_without_uploads_has_an_empty_matrix() {
    let setting = setting().await;
    let seeded = setting.database.seed("empty").await;
    let viewer = setting.database.principal(seeded.org, "viewer").await;
    let empty = Setting { seeded, viewer, ..setting };
    let body = empty.coverage("").await.json();
    assert_eq!((&body["data"], &body["missing"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_parameter_at_fault_is_named() {
    let setting = setting().await;
    for (query, field) in [("?from=2026-02-01&to=2026-01-01", "to"), ("?month=1", "month"), ("?to=x", "to")] {
        let response = setting.coverage(query).await;
        assert_eq!(
            (response.status, &response.json()["fields"][0]["pointer"]),
            (400, &json!(field)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn statements_are_listed_latest_period_first_in_pages() {
    let setting = setting().await;
    let list = async |query: &str| {
        let request = setting.request(&format!("/v1/reporting-periods{query}"));
        answer(&setting.ctx, reporting_periods::handle, request).await.json()
    };
    let first = list("?vendor=liberty&active=true&limit=3").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = list(&format!("?vendor=liberty&active=true&limit=3&cursor={cursor}")).await;
    assert_eq!((second["data"].as_array().unwrap().len(), &second["next_cursor"]), (1, &Value::Null));
    insta::assert_json_snapshot!(second["data"], { "[].upload_id" => "[id]" });
    assert_eq!(list("?active=false").await["data"], json!([]));
    assert_eq!(list("?from=2026-03-14&to=2026-03-15").await["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_example_events_are_answered() {
    let setting = setting().await;
    let request = |name: &str| Request::from_event(&event(name).to_string()).unwrap();
    assert_eq!(answer(&setting.ctx, handle, request("analytics-coverage/quarter")).await.status, 200);
    let listed = request("reporting-periods-list/of-a-vendor");
    assert_eq!(answer(&setting.ctx, reporting_periods::handle, listed).await.status, 200);
}
