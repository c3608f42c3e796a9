//! What things cost is for those with `costs:read`, by whatever way somebody asks for it.

use std::collections::BTreeSet;

use e2e::{Account, Stack, reference_csv, samples_of};
use serde_json::{Value, json};

use crate::callers::{self, Call, Role, Who};

/// Ways to a figure, with the metric left open.
const FIGURES: &[&str] = &[
    "/v1/analytics/summary?metric={metric}",
    "/v1/analytics/series?interval=month&metric={metric}",
    "/v1/analytics/breakdown?by=vendor&metric={metric}",
    "/v1/analytics/compare?from=2026-02-01&to=2026-02-28&with=last_year&metric={metric}",
    "/v1/analytics/contribution?from=2026-02-01&to=2026-02-28&metric={metric}",
    "/v1/analytics/top-movers?from=2026-02-01&to=2026-02-28&by=product&metric={metric}",
    "/v1/analytics/forecast?interval=month&periods=3&metric={metric}",
    "/v1/analytics/anomalies?by=vendor&interval=month&metric={metric}",
];

const WITHOUT_COSTS: &[&str] = &["analytics:read", "sales:read", "reports:read"];
const WITH_COSTS: &[&str] = &["analytics:read", "costs:read", "sales:read", "reports:read"];

fn sees_costs(who: &Who) -> bool {
    match who {
        Who::Nobody => false,
        Who::User(role) => *role >= Role::Analyst,
        Who::Key(scopes) => scopes.contains(&"costs:read"),
    }
}

struct World {
    stack: Stack,
    callers: Vec<(Who, Option<String>)>,
    owner: Account,
}

impl World {
    /// An organisation whose web shop has reported what things cost, and everybody who could ask.
    async fn new(name: &str) -> Self {
        let stack = Stack::from_env().unwrap();
        let owner = Account::register(&stack, name).await.unwrap();
        owner.import_reference(&reference_csv().unwrap()).await.unwrap();
        let sample = samples_of("online/main/v1").unwrap().remove(0);
        let upload = owner.take(&sample.file_name, &sample.bytes).await.unwrap();
        assert_eq!(upload["status"], "completed", "{upload}");
        let mut callers = callers::users(&stack, &owner).await;
        callers.extend(callers::keys(&owner, BTreeSet::from([WITHOUT_COSTS, WITH_COSTS])).await);
        Self { stack, callers, owner }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_costs_need_their_permission_on_every_way() {
    let world = World::new("Costly").await;
    let documented = world.owner.get("/v1/metrics").await.unwrap().body;
    let metrics = documented["metrics"].as_array().unwrap();
    let costs: Vec<&Value> = metrics
        .iter()
        .filter(|metric| metric["permission"].as_str().unwrap().contains("costs:read"))
        .collect();
    assert!(costs.len() >= 4, "{documented}");

    let mut calls = Vec::new();
    for metric in costs {
        let key = metric["key"].as_str().unwrap();
        for path in FIGURES {
            // Only what adds up has parts that contribute.
            if path.contains("/contribution") && metric["additive"] == false {
                continue;
            }
            for (who, token) in world.callers.clone() {
                let expected = if sees_costs(&who) { 200 } else { 403 };
                let path = path.replace("{metric}", key);
                calls.push(Call {
                    method: "GET",
                    path,
                    body: String::new(),
                    who,
                    token,
                    expected,
                    code: None,
                });
            }
        }
        let export = json!({ "source": "analytics/breakdown", "query": { "by": "vendor", "metric": key }, "format": "csv" });
        let report = json!({ "kind": "custom", "format": "csv", "from": "2026-02-01", "to": "2026-02-28",
            "analysis": { "metrics": [key], "by": ["vendor"] } });
        let alert = json!({ "name": key, "metric": key, "every": "month",
            "condition": { "against": "average", "is": "below", "percent": "75", "periods": 12 } });
        for (path, body, made) in
            [("/v1/exports", export, 202), ("/v1/reports", report, 202), ("/v1/alerts", alert, 201)]
        {
            for (who, token) in world.callers.clone() {
                let expected = if sees_costs(&who) { made } else { 403 };
                let (path, body) = (path.to_owned(), body.to_string());
                calls.push(Call { method: "POST", path, body, who, token, expected, code: None });
            }
        }
    }
    let count = calls.len();
    let wrong = callers::differing(&world.stack, calls).await;
    assert!(wrong.is_empty(), "{} of {count} calls: {wrong:#?}", wrong.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn costs_are_in_no_row_and_no_answer_of_somebody_without_their_permission() {
    let world = World::new("Priced").await;
    for (who, token) in &world.callers {
        let (caller, may) = (world.owner.bearing(token.as_deref().unwrap()), sees_costs(who));
        let orders = caller.get("/v1/orders?limit=100").await.unwrap();
        assert_eq!(orders.status, 200, "{orders:?}");
        let lines = orders.body["data"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|order| order["lines"].as_array().unwrap());
        let with_costs =
            lines.filter(|line| !line["cost_of_goods"].is_null() || !line["payment_fee"].is_null());
        assert_eq!(with_costs.count() > 0, may, "orders as {who:?}");

        let sql = json!({ "sql": "SELECT sum(cost_of_goods) FROM ecommerce_orders" });
        let answer = caller.post("/v1/sql", &sql).await.unwrap();
        assert_eq!(answer.status == 200, may, "SQL as {who:?}: {answer:?}");

        let question = json!({ "question": "gross profit in February 2026" });
        let answer = caller.post("/v1/chat", &question).await.unwrap().body;
        let expected = if may { "answered" } else { "refused" };
        assert_eq!(answer["status"], expected, "a question as {who:?}: {answer}");
    }
}
