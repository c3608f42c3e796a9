use std::sync::Arc;

use domain::{OrgId, UserId};
use serde_json::json;
use testkit::TestDatabase;
use tokio::task::JoinSet;

use super::*;
use crate::{DatabaseContext, Principal, http::RequestBuilder};

const LIMITS: Limits = Limits { sign_ins: 5, uploads: 3, chats: 2, requests: 1_000 };

struct Setting {
    database: TestDatabase,
    ctx: DatabaseContext,
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let ctx = DatabaseContext { database: database.app().clone() };
        Self { database, ctx }
    }

    async fn send(&self, limits: &Limits, request: RequestBuilder) -> Response {
        answer_within(limits, &self.ctx, Ok(()), async |_: &_, _| Ok(Reply::no_content()), request.build())
            .await
    }

    async fn login(&self, email: &str) -> Response {
        self.send(&LIMITS, login(email)).await
    }

    /// As if so much time had passed.
    async fn later(&self, seconds: i32) {
        sqlx::query("UPDATE rate_windows SET ends_at = ends_at - make_interval(secs => $1)")
            .bind(f64::from(seconds))
            .execute(self.database.admin())
            .await
            .unwrap();
    }
}

fn login(email: &str) -> RequestBuilder {
    RequestBuilder::new("POST", "/v1/auth/login").json(&json!({ "email": email, "password": "x" }))
}

fn person(org_id: OrgId) -> Principal {
    Principal {
        org_id,
        user_id: UserId::new(),
        key_id: None,
        role: "viewer".into(),
        email: "v@example.com".into(),
        permissions: Vec::new(),
    }
}

#[tokio::test]
async fn the_sixth_sign_in_of_a_minute_is_refused_and_says_when_to_come_back() {
    let setting = Setting::new().await;
    for left in (0..5).rev() {
        let response = setting.login("ana@brand.example").await;
        assert_eq!(response.status, 204);
        assert_eq!(response.header("ratelimit-policy"), Some("\"sign-ins\";q=5;w=60"));
        let told = response.header("ratelimit").unwrap();
        assert!(told.starts_with(&format!("\"sign-ins\";r={left};t=")), "{told}");
    }
    // However it is written, it is the same account.
    let refused = setting.login(" ANA@brand.example ").await;
    assert_eq!((refused.status, &refused.json()["code"]), (429, &json!("too_many_requests")));
    let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(setting.login("bob@brand.example").await.status, 204, "another account");
    setting.later(60).await;
    assert_eq!(setting.login("ana@brand.example").await.status, 204, "another minute");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_sign_ins_at_once_exactly_five_pass() {
    let setting = Setting::new().await;
    let instances: Vec<DatabaseContext> = (0..10)
        .map(|_| DatabaseContext { database: Database::connect(&setting.database.settings()).unwrap() })
        .collect();
    let instances = Arc::new(instances);
    let mut calls = JoinSet::new();
    for call in 0..100 {
        let instances = Arc::clone(&instances);
        calls.spawn(async move {
            let handle = async |_: &_, _| Ok(Reply::no_content());
            let request = login("ana@brand.example").build();
            answer_within(&LIMITS, &instances[call % 10], Ok(()), handle, request).await.status
        });
    }
    let statuses = calls.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 5);
    assert_eq!(statuses.iter().filter(|status| **status == 429).count(), 95);
}

#[tokio::test]
async fn one_address_cannot_try_all_accounts() {
    let setting = Setting::new().await;
    for number in 0..50 {
        assert_eq!(setting.login(&format!("u{number}@brand.example")).await.status, 204, "{number}");
    }
    assert_eq!(setting.login("u50@brand.example").await.status, 429);
}

#[tokio::test]
async fn uploads_are_counted_by_caller_and_organisation_and_not_with_other_calls() {
    let setting = Setting::new().await;
    let org = OrgId::new();
    let (first, second) = (person(org), person(org));
    let send = async |method: &str, caller: &Principal| {
        setting.send(&LIMITS, RequestBuilder::new(method, "/v1/uploads").principal(caller)).await.status
    };
    assert_eq!(send("POST", &first).await, 204);
    assert_eq!(send("POST", &second).await, 204);
    assert_eq!(send("POST", &second).await, 204);
    assert_eq!(send("POST", &first).await, 429, "of the organisation");
    assert_eq!(send("GET", &first).await, 204);
}

#[tokio::test]
async fn everything_is_counted_together() {
    let setting = Setting::new().await;
    let limits = Limits { requests: 3, ..LIMITS };
    for (path, status) in [("/v1/me", 204), ("/v1/sales", 204), ("/v1/health", 204), ("/v1/me", 429)] {
        assert_eq!(setting.send(&limits, RequestBuilder::new("GET", path)).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn no_address_is_kept_and_ended_windows_are_forgotten() {
    let setting = Setting::new().await;
    setting.login("ana@brand.example").await;
    let rows: Vec<String> = sqlx::query_scalar("SELECT row_to_json(w)::text FROM rate_windows w")
        .fetch_all(setting.database.admin())
        .await
        .unwrap();
    assert!(rows.len() == 3 && rows.iter().all(|row| !row.contains("ana@") && !row.contains("192.0.2.1")));
    setting.later(121).await;
    rate_windows::forget(&mut setting.ctx.database.service().await.unwrap()).await.unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM rate_windows")
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(left, 0);
}

/// Who cannot be counted is answered: health has to say that the database is gone.
#[tokio::test]
async fn without_a_database_the_route_answers_itself() {
    let setting = Setting::new().await;
    sqlx::query("DROP TABLE rate_windows").execute(setting.database.admin()).await.unwrap();
    assert_eq!(setting.login("ana@brand.example").await.status, 204);
}

#[tokio::test]
async fn a_request_that_is_not_admitted_is_counted_and_does_not_reach_its_route() {
    let setting = Setting::new().await;
    let knock = async || {
        let refused = Err(ApiError::cross_site("no"));
        let route = async |_: &_, _| panic!("reached");
        answer_within(&LIMITS, &setting.ctx, refused, route, login("ana@brand.example").build()).await
    };
    for left in ["4", "3"] {
        let response = knock().await;
        assert_eq!(response.json()["code"], "cross_site_request");
        let told = response.header("ratelimit").unwrap();
        assert!(told.contains(&format!("r={left}")), "{told}");
    }
    for _ in 0..3 {
        knock().await;
    }
    assert_eq!(knock().await.status, 429);
}

#[tokio::test]
async fn a_caller_comes_in_with_the_version_of_its_own_books() {
    let setting = Setting::new().await;
    let (own, other) = (setting.database.seed("aveline").await, setting.database.seed("stranger").await);
    let told = async |request: RequestBuilder| {
        let handle = async |_: &_, request: Request| Reply::ok(&request.data_version());
        answer_within(&LIMITS, &setting.ctx, Ok(()), handle, request.build()).await.json()
    };
    let sales = || RequestBuilder::new("GET", "/v1/sales");
    let known = async |org| data::data_versions::of(&setting.ctx.database, org).await.unwrap();
    let before = known(own.org).await;
    assert_eq!(told(sales().principal(&person(own.org))).await, json!(before));
    sqlx::query("INSERT INTO vendors (org_id, key, name) VALUES ($1, 'liberty', 'Liberty')")
        .bind(own.org.0)
        .execute(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(told(sales().principal(&person(own.org))).await, json!(before + 1));
    assert_eq!(told(sales().principal(&person(other.org))).await, json!(known(other.org).await));
    assert_eq!(told(sales()).await, json!(null), "nobody has books");
}
