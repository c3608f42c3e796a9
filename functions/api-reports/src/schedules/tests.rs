use cloud::{MemoryQueue, ObjectStore, Queue};
use domain::ReportRequested;
use edge::{
    DatabaseContext, Principal,
    http::{RequestBuilder, Response, answer},
};
use serde_json::json;
use testkit::{Seeded, TestDatabase};

use super::*;
use crate::Context;

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    ctx: &'static DatabaseContext,
    running: Context,
    woken: MemoryQueue,
}

fn wish() -> Value {
    json!({
        "kind": "sales_summary", "format": "pdf", "period": "last_full_month", "filters": {"vendor": ["liberty"]},
        "cadence": {"every": "month", "day": 31, "time": "07:00", "time_zone": "Europe/Berlin"},
        "recipients": ["buyer@liberty.example"], "active": true
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
        let woken = MemoryQueue::default();
        let running = Context {
            database: database.app().clone(),
            files: ObjectStore::memory(),
            queue: Queue::Memory(woken.clone()),
        };
        let ctx = Box::leak(Box::new(DatabaseContext { database: database.app().clone() }));
        Self { database, seeded, ctx, running, woken }
    }

    async fn create(&self, who: &Principal, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/report-schedules").principal(who).json(body);
        answer(self.ctx, create::handle, request.build()).await
    }

    fn about(&self, who: &Principal, method: &str, path: &str, id: &Value) -> RequestBuilder {
        RequestBuilder::new(method, path).path("id", id.as_str().unwrap()).principal(who)
    }

    async fn get(&self, who: &Principal, id: &Value) -> Response {
        let request = self.about(who, "GET", "/v1/report-schedules/{id}", id);
        answer(self.ctx, get::handle, request.build()).await
    }

    async fn change(&self, who: &Principal, id: &Value, version: i32, body: &Value) -> Response {
        let request = self.about(who, "PATCH", "/v1/report-schedules/{id}", id);
        let request = request.header("if-match", &format!("\"{version}\"")).json(body);
        answer(self.ctx, update::handle, request.build()).await
    }

    async fn run_now(&self, who: &Principal, id: &Value) -> Response {
        let request = self.about(who, "POST", "/v1/report-schedules/{id}/run-now", id);
        answer(&self.running, run::handle, request.build()).await
    }

    async fn correct(&self, who: &Principal, id: &Value, run: &Value) -> Response {
        let request = self.about(who, "POST", "/v1/report-schedules/{id}/runs/{run_id}/correct", id);
        answer(&self.running, correct::handle, request.path("run_id", run.as_str().unwrap()).build()).await
    }

    /// Ends all reports as if they had been made, and lets those to this address have shown something else than the books say now.
    async fn outdate(&self, address: &str) {
        sqlx::query(
            "UPDATE reports SET status = 'ready', size_bytes = 1, sight = '', figures = '{}', data_version = 0, finished_at = now(),
                 expires_at = now() + interval '1 day',
                 differences = CASE WHEN $1 = ANY (recipients) THEN '[{\"vendor\": \"liberty\", \"shown\": null, \"now\": null}]'::jsonb END
             WHERE status = 'queued'",
        )
        .bind(address)
        .execute(self.database.admin())
        .await
        .unwrap();
    }

    async fn runs(&self, who: &Principal, id: &Value) -> Value {
        let request = self.about(who, "GET", "/v1/report-schedules/{id}/runs", id);
        answer(self.ctx, runs::handle, request.build()).await.json()
    }
}

#[tokio::test]
async fn a_schedule_is_kept_with_its_next_due_times_changed_and_removed() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let made = setting.create(&owner, &wish()).await;
    assert_eq!(made.status, 201, "{:?}", made.json());
    let made = made.json();
    assert_eq!(made["cadence"], wish()["cadence"]);
    assert_eq!(made["recipients"], json!([{"address": "buyer@liberty.example", "filters": {}}]));
    assert_eq!(
        (&made["name"], &made["catch_up"], &made["filters"]),
        (&json!("Sales summary"), &json!("run_once"), &wish()["filters"])
    );
    let next = made["next_runs"].as_array().unwrap();
    assert_eq!((next.len(), &next[0]), (5, &made["next_run_at"]));
    let id = &made["id"];
    let changed = setting
        .change(
            &owner,
            id,
            1,
            &json!({"cadence": {"cron": "0 7 * * 1", "time_zone": "UTC"}, "name": "Monday"}),
        )
        .await;
    assert_eq!(changed.status, 200, "{:?}", changed.json());
    let seen = setting.get(&owner, id).await.json();
    assert_eq!(
        (&seen["name"], &seen["version"], &seen["filters"]),
        (&json!("Monday"), &json!(2), &wish()["filters"])
    );
    assert!(seen["next_run_at"].as_str().unwrap().ends_with("T07:00:00Z"), "{seen}");
    assert_eq!(setting.change(&owner, id, 1, &json!({"name": "x"})).await.status, 412);
    let paused = answer(
        setting.ctx,
        pause::handle,
        setting.about(&owner, "POST", "/v1/report-schedules/{id}/pause", id).build(),
    )
    .await;
    assert_eq!((&paused.json()["active"], &paused.json()["next_run_at"]), (&json!(false), &Value::Null));
    let resumed = answer(
        setting.ctx,
        resume::handle,
        setting.about(&owner, "POST", "/v1/report-schedules/{id}/resume", id).build(),
    )
    .await;
    assert_eq!(
        (&resumed.json()["active"], &resumed.json()["next_run_at"]),
        (&json!(true), &seen["next_run_at"])
    );
    assert_eq!(setting.run_now(&owner, id).await.status, 202);
    let gone = answer(
        setting.ctx,
        delete::handle,
        setting.about(&owner, "DELETE", "/v1/report-schedules/{id}", id).build(),
    )
    .await;
    assert_eq!(gone.status, 204);
    assert_eq!(setting.get(&owner, id).await.status, 404);
}

#[tokio::test]
async fn a_run_now_is_in_the_log_and_has_its_reports_at_once() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    let recipients = json!({"recipients": [viewer.email, {"address": "buyer@liberty.example", "filters": {"country": "GB"}}]});
    let id = setting.create(&owner, &with(&recipients)).await.json()["id"].clone();
    let run = setting.run_now(&owner, &id).await;
    assert_eq!(run.status, 202, "{:?}", run.json());
    assert_eq!(setting.woken.drain::<ReportRequested>().unwrap().len(), 2);
    let log = setting.runs(&owner, &id).await;
    let entry = &log["data"][0];
    assert_eq!(
        (&entry["id"], &entry["trigger"], &entry["status"], &entry["reports"]),
        (&run.json()["id"], &json!("run_now"), &json!("running"), &json!(2))
    );
    let mut scopes: Vec<(Vec<String>, Value)> =
        sqlx::query_as("SELECT recipients, scope->'filters' FROM reports")
            .fetch_all(setting.database.admin())
            .await
            .unwrap();
    scopes.sort_by_key(|(_, filters)| filters.as_array().unwrap().len());
    assert_eq!(scopes[0].0, [viewer.email]);
    assert_eq!(scopes[1].1[1]["values"], json!(["GB"]), "narrowed further");
}

#[tokio::test]
async fn a_run_whose_figures_have_changed_is_made_again_for_the_readers_of_what_is_outdated() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    let recipients = json!({"recipients": [viewer.email, {"address": "buyer@liberty.example", "filters": {"country": "GB"}}]});
    let id = setting.create(&owner, &with(&recipients)).await.json()["id"].clone();
    let run = setting.run_now(&owner, &id).await.json()["id"].clone();
    let early = setting.correct(&owner, &id, &run).await;
    assert_eq!((early.status, &early.json()["code"]), (409, &json!("run_current")));
    // The viewer's own report, which the owner does not see.
    setting.outdate(&viewer.email).await;
    assert_eq!(setting.runs(&owner, &id).await["data"][0]["outdated"], 1);
    // What the schedule says by now is another matter.
    let changed = setting
        .change(&owner, &id, 1, &json!({"format": "csv", "recipients": [], "period": "previous_day"}))
        .await;
    assert_eq!(changed.status, 200, "{:?}", changed.json());
    setting.woken.drain::<ReportRequested>().unwrap();
    let correction = setting.correct(&owner, &id, &run).await;
    assert_eq!(correction.status, 202, "{:?}", correction.json());
    let woken = setting.woken.drain::<ReportRequested>().unwrap();
    assert_eq!(woken.len(), 1);
    let log = setting.runs(&owner, &id).await;
    let (latest, former) = (&log["data"][0], &log["data"][1]);
    assert_eq!(
        (&latest["trigger"], &latest["corrects"], &latest["reports"]),
        (&json!("correction"), &run, &json!(1))
    );
    assert_eq!((&latest["from"], &latest["to"]), (&former["from"], &former["to"]));
    assert_eq!(former["outdated"], 0, "it has been made again");
    let (recipients, format, is_marked): (Vec<String>, String, bool) = sqlx::query_as(
        "SELECT c.recipients, c.format, r.recipients = c.recipients FROM reports c JOIN reports r ON r.id = c.corrected_of WHERE c.id = $1",
    )
    .bind(woken[0].report_id.0)
    .fetch_one(setting.database.admin())
    .await
    .unwrap();
    assert_eq!((recipients, format.as_str(), is_marked), (vec![viewer.email.clone()], "pdf", true));
    assert_eq!(setting.correct(&owner, &id, &run).await.status, 409, "once");
    // A correction may be outdated itself one day; who has left gets nothing.
    setting.outdate(&viewer.email).await;
    sqlx::query("UPDATE users SET disabled_at = now() WHERE id = $1")
        .bind(viewer.user_id.0)
        .execute(setting.database.admin())
        .await
        .unwrap();
    let again = setting.correct(&owner, &id, &latest["id"]).await;
    assert_eq!(again.status, 202, "{:?}", again.json());
    let log = setting.runs(&owner, &id).await;
    assert_eq!(
        (&log["data"][0]["status"], &log["data"][0]["left_out"][0]["code"]),
        (&json!("failed"), &json!("recipient_disabled"))
    );
    let stranger = setting.database.seed("stranger").await.principal();
    assert_eq!(setting.correct(&stranger, &id, &run).await.status, 404);
    let elsewhere = setting.create(&owner, &wish()).await.json()["id"].clone();
    assert_eq!(setting.correct(&owner, &elsewhere, &run).await.status, 404, "a run of another schedule");
}

#[tokio::test]
async fn another_organisation_finds_nothing() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let stranger = setting.database.seed("stranger").await.principal();
    let id = setting.create(&owner, &wish()).await.json()["id"].clone();
    assert_eq!(setting.get(&stranger, &id).await.status, 404);
    assert_eq!(setting.change(&stranger, &id, 1, &json!({"name": "x"})).await.status, 404);
    assert_eq!(setting.run_now(&stranger, &id).await.status, 404);
    assert_eq!(setting.runs(&stranger, &id).await["status"], json!(404));
    let viewer = setting.database.principal(setting.seeded.org, "viewer").await;
    assert_eq!(setting.create(&viewer, &wish()).await.status, 403);
    assert_eq!(setting.get(&viewer, &id).await.status, 403);
}

#[tokio::test]
async fn whoever_changes_a_schedule_has_it_run_under_their_own_rights() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    let analyst = setting.database.principal(setting.seeded.org, "analyst").await;
    let id = setting.create(&owner, &wish()).await.json()["id"].clone();
    let changed = setting.change(&analyst, &id, 1, &json!({"name": "mine"})).await;
    assert_eq!(changed.json()["owner"], json!(analyst.user_id));
    let statement = "UPDATE report_schedules SET owner = $1";
    let mut tenant = setting.database.app().tenant(&analyst).await.unwrap();
    let refused = sqlx::query(statement).bind(owner.user_id.0).execute(&mut *tenant).await.unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
}

#[tokio::test]
async fn what_is_at_fault_is_named() {
    let setting = Setting::new().await;
    let owner = setting.seeded.principal();
    for (changes, pointer, code) in [
        (
            json!({"cadence": {"every": "week", "time": "07:00", "time_zone": "UTC"}}),
            "/cadence/weekday",
            "missing",
        ),
        (
            json!({"cadence": {"every": "day", "time": "07:00", "time_zone": "Mars"}}),
            "/cadence/time_zone",
            "unknown_time_zone",
        ),
        (json!({"cadence": {"cron": "x", "time_zone": "UTC"}}), "/cadence/cron", "invalid_cron"),
        (json!({"cadence": {"cron": "0 0 30 2 *", "time_zone": "UTC"}}), "/cadence", "never_due"),
        (json!({"name": "a\r\nb"}), "/name", "invalid"),
        (json!({"recipients": ["nobody"]}), "/recipients/0", "invalid_email"),
        (
            json!({"recipients": [{"address": "a@b.example", "filters": {"x": 1}}]}),
            "/recipients/0/filters/x",
            "unknown",
        ),
    ] {
        let refused = setting.create(&owner, &with(&changes)).await;
        assert_eq!(refused.status, 422, "{changes}: {:?}", refused.json());
        let field = &refused.json()["fields"][0];
        assert_eq!((&field["pointer"], &field["code"]), (&json!(pointer), &json!(code)), "{changes}");
    }
    let mut silent = wish();
    silent.as_object_mut().unwrap().remove("filters");
    let refused = setting.create(&owner, &silent).await.json();
    assert_eq!(refused["fields"][0]["code"], json!("filters_needed"), "{refused}");
    silent["recipients"] = json!([owner.email]);
    assert_eq!(setting.create(&owner, &silent).await.status, 201, "whoever signs in gets what it may see");
}
