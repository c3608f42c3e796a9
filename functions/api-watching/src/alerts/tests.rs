use edge::{
    DatabaseContext, Principal,
    http::{Reply, Request, RequestBuilder, Response, answer},
};
use serde_json::json;
use sqlx::AssertSqlSafe;
use testkit::{Seeded, TestDatabase};

use super::*;

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    ctx: DatabaseContext,
}

fn wish() -> Value {
    json!({
        "name": "Galilu falls", "metric": "revenue_eur", "filters": {"vendor": ["galilu"]}, "every": "month",
        "condition": {"against": "average", "is": "below", "percent": "75", "periods": 12},
        "quiet_hours": {"from": "22:00", "to": "07:00", "time_zone": "Europe/Berlin"}
    })
}

fn with(changes: &Value) -> Value {
    let mut wish = wish();
    wish.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    wish
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let ctx = DatabaseContext { database: database.app().clone() };
        Self { database, seeded, ctx }
    }

    async fn admin(&self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(self.database.admin()).await.unwrap();
    }

    async fn create(&self, who: &Principal, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/alerts").principal(who).json(body);
        answer(&self.ctx, create::handle, request.build()).await
    }

    /// A call about one alert.
    async fn call<'a, F>(
        &'a self,
        handle: impl FnOnce(&'a DatabaseContext, Request) -> F,
        (who, id): (&Principal, &Value),
        body: Option<(i32, Value)>,
    ) -> Response
    where
        F: Future<Output = Result<Reply, ApiError>>,
    {
        let mut request =
            RequestBuilder::new("POST", "/v1/alerts/{id}").path("id", id.as_str().unwrap()).principal(who);
        if let Some((version, body)) = body {
            request = request.header("if-match", &format!("\"{version}\"")).json(&body);
        }
        answer(&self.ctx, handle, request.build()).await
    }

    async fn list(&self, who: &Principal) -> Value {
        let request = RequestBuilder::new("GET", "/v1/alerts").principal(who);
        answer(&self.ctx, list::handle, request.build()).await.json()
    }
}

#[tokio::test]
async fn an_alert_is_kept_changed_paused_resumed_and_removed() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let made = setting.create(&owner, &wish()).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let made = made.json();
    assert_eq!(
        (&made["condition"], &made["filters"], &made["quiet_hours"], &made["repeat"]),
        (&wish()["condition"], &wish()["filters"], &wish()["quiet_hours"], &json!("once"))
    );
    assert_eq!(made["recipients"], json!([{"user_id": owner.user_id, "address": owner.email}]));
    let (id, about) = (&made["id"], (&owner, &made["id"]));
    let change = json!({"by": "store", "quiet_hours": null, "condition": {"against": "anomaly"}});
    let changed = setting.call(update::handle, about, Some((1, change.clone()))).await;
    assert_eq!(changed.status, 200, "{:?}", changed.json());
    let seen = setting.call(get::handle, about, None).await;
    assert_eq!(seen.header("etag"), Some("\"2\""));
    let seen = seen.json();
    assert_eq!(
        (&seen["by"], &seen["quiet_hours"], &seen["filters"]),
        (&json!("store"), &Value::Null, &wish()["filters"])
    );
    assert_eq!(setting.call(update::handle, about, Some((1, change))).await.status, 412);
    assert_eq!(setting.call(pause::handle, about, None).await.json()["active"], false);
    assert_eq!(setting.call(resume::handle, about, None).await.json()["active"], true);
    assert_eq!(setting.list(&owner).await["data"][0]["id"], *id);
    assert_eq!(setting.call(delete::handle, about, None).await.status, 204);
    assert_eq!(setting.call(get::handle, about, None).await.status, 404);
    let recorded: Vec<String> = sqlx::query_scalar("SELECT action FROM audit_events ORDER BY seq")
        .fetch_all(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(
        recorded,
        ["alert_created", "alert_updated", "alert_updated", "alert_updated", "alert_deleted"]
    );
}

#[tokio::test]
async fn what_is_at_fault_is_named() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let average = |percent: &str, periods: u32| json!({"condition": {"against": "average", "is": "below", "percent": percent, "periods": periods}});
    for (change, pointer) in [
        (json!({"name": " "}), "/name"),
        (json!({"by": "month"}), "/by"),
        (average("0", 12), "/condition/percent"),
        (average("-5", 12), "/condition/percent"),
        (average("75", 1), "/condition/periods"),
        (average("75", 61), "/condition/periods"),
        (json!({"filters": {"moon": ["full"]}}), "/filters/moon"),
        (json!({"quiet_hours": {"from": "22:00", "to": "7", "time_zone": "UTC"}}), "/quiet_hours/to"),
        (
            json!({"quiet_hours": {"from": "22:00", "to": "07:00", "time_zone": "Mars"}}),
            "/quiet_hours/time_zone",
        ),
        (json!({"recipients": ["stranger@elsewhere.example"]}), "/recipients/0"),
        (json!({"recipients": ["a@b\r\nBcc: c@d"]}), "/recipients/0"),
    ] {
        let refused = setting.create(&owner, &with(&change)).await;
        assert_eq!(
            (refused.status, &refused.json()["fields"][0]["pointer"]),
            (422, &json!(pointer)),
            "{change}"
        );
    }
    for change in
        [json!({"every": "year"}), json!({"condition": {"against": "nothing"}}), json!({"metric": "luck"})]
    {
        assert_eq!(setting.create(&owner, &with(&change)).await.status, 422, "{change}");
    }
}

#[tokio::test]
async fn nobody_has_others_told_or_sees_costs_without_the_right_to() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    let other = setting.database.principal(setting.seeded.org, "viewer").await;
    let mine = setting.create(&viewer, &wish()).await;
    assert_eq!(mine.status, 201, "{:?}", mine.json());
    assert_eq!(setting.create(&viewer, &with(&json!({"recipients": [owner.email]}))).await.status, 403);
    assert_eq!(setting.create(&viewer, &with(&json!({"metric": "cost_eur"}))).await.status, 403);
    // The database refuses what the edge would have let through.
    let mut tenant = setting.ctx.database.tenant(&viewer).await.unwrap();
    let rule = serde_json::from_value(json!({
        "metric": "revenue_eur", "filters": [], "every": "month", "condition": {"against": "anomaly"}
    }));
    let forged = alerts::Wish {
        owner: viewer.user_id.0,
        name: "x".to_owned(),
        rule: rule.unwrap(),
        quiet: None,
        repeat: AlertRepeat::Once,
        recipients: vec![owner.user_id.0],
        active: true,
        since: "2026-01-01".parse().unwrap(),
    };
    assert!(alerts::insert(&mut tenant, AlertId::new(), &forged).await.is_err());
    drop(tenant);

    let shared =
        setting.create(&owner, &with(&json!({"recipients": [viewer.email, owner.email]}))).await.json();
    let about = (&viewer, &shared["id"]);
    // Whom it tells sees it, and changes nothing of it.
    assert_eq!(setting.call(get::handle, about, None).await.json()["recipients"][1]["address"], Value::Null);
    assert_eq!(setting.call(pause::handle, about, None).await.status, 403);
    assert_eq!(setting.call(delete::handle, about, None).await.status, 403);
    assert_eq!(setting.call(update::handle, about, Some((1, json!({"name": "x"})))).await.status, 403);
    // And nobody else does, here or elsewhere.
    let rival = setting.database.seed("rival").await.principal();
    for who in [&other, &rival] {
        assert_eq!(setting.call(get::handle, (who, &shared["id"]), None).await.status, 404);
        assert_eq!(setting.call(checks::handle, (who, &shared["id"]), None).await.status, 404);
        assert_eq!(setting.list(who).await["data"], json!([]));
    }
    assert_eq!(setting.list(&viewer).await["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_test_looks_as_the_job_would_and_keeps_nothing() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let org = setting.seeded.org;
    // Each month of the last twenty, the last one a tenth.
    setting
        .admin(&format!(
            "INSERT INTO vendors (org_id, key, name) VALUES ('{org}', 'galilu', 'Galilu');
             WITH months AS (
                 SELECT (date_trunc('month', now()) - make_interval(months => n))::date AS start,
                     (date_trunc('month', now()) - make_interval(months => n - 1))::date - 1 AS last,
                     CASE WHEN n = 1 THEN 10 ELSE 100 END AS amount
                 FROM generate_series(1, 20) AS n
             ), file AS (
                 INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at, vendor)
                 VALUES (uuidv7(), '{org}', 'x.xlsx', 1, 'api', 'x', now(), 'galilu') RETURNING id
             ), said AS (
                 INSERT INTO reporting_periods (org_id, upload_id, vendor, cut, period_start, period_end, currency, version,
                     stated_at, document_kind, records, quantity, change, active)
                 SELECT '{org}', file.id, 'galilu', 'main', start, last, 'EUR', 1, now(), 'snapshot', 1, 1, 'new', true
                 FROM months, file
             )
             INSERT INTO sales_rollup (org_id, vendor, counts_on, channel, currency, line_class, records, quantity, with_quantity,
                 amount_local, with_amount, amount_eur, with_euro, unconverted, paired_quantity, paired_eur)
             SELECT '{org}', 'galilu', last, 'retail', 'EUR', 'sale', 1, 1, 1, amount, 1, amount, 1, 0, 1, amount FROM months"
        ))
        .await;
    let made = setting.create(&owner, &wish()).await.json();
    let about = (&owner, &made["id"]);
    let tested = setting.call(test::handle, about, None).await;
    assert_eq!(tested.status, 200, "{:?}", tested.json());
    let tested = tested.json();
    let found = &tested["data"][0];
    assert_eq!(
        (&found["verdict"], &found["value"], &found["expected"], &found["low"]),
        (&json!("breached"), &json!("10.00"), &json!("100.00"), &json!("75.00")),
        "{tested}"
    );
    assert!(
        tested["query"]
            .as_str()
            .unwrap()
            .starts_with("analytics/series?metric=revenue_eur&interval=month&vendor=galilu&from=")
    );
    assert_eq!(setting.call(checks::handle, about, None).await.json()["data"], json!([]));
    let mails: i64 = sqlx::query_scalar("SELECT count(*) FROM email_logs")
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(mails, 0);
}
