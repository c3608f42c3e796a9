use data::{Caller, audit};
use domain::UserId;
use sqlx::Row as _;
use testkit::{Seeded, TestDatabase};

use super::*;
use crate::{
    DatabaseContext, Permission,
    http::{Limits, Reply, RequestBuilder, Response, limits::answer_within},
};

const LIMITS: Limits = Limits { sign_ins: 2, uploads: 100, chats: 100, requests: 100 };

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    ctx: DatabaseContext,
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let ctx = DatabaseContext { database: database.app().clone() };
        Self { database, seeded, ctx }
    }

    /// As `serve` answers it.
    async fn send<'a, H, F>(&'a self, limits: &Limits, handle: H, request: RequestBuilder) -> Response
    where
        H: FnOnce(&'a DatabaseContext, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer_within(limits, &self.ctx, Ok(()), handle, request.build()).await
    }

    fn owner(&self) -> Principal {
        let permissions = Permission::ALL.to_vec();
        Principal { permissions, ..self.person(self.seeded.owner) }
    }

    async fn viewer(&self) -> Principal {
        self.person(self.database.principal(self.seeded.org, "viewer").await.user_id)
    }

    fn person(&self, user_id: UserId) -> Principal {
        let (role, email) = ("viewer".into(), "v@example.com".into());
        Principal { org_id: self.seeded.org, user_id, key_id: None, role, email, permissions: Vec::new() }
    }

    /// Of all trails: whose, what, with which outcome, by which kind of actor, and the details.
    async fn events(&self) -> Vec<(String, String)> {
        let rows = sqlx::query(
            "SELECT CASE WHEN org_id = '00000000-0000-0000-0000-000000000000' THEN 'installation' ELSE 'aveline' END
                 || ' ' || action || ' ' || outcome || ' ' || actor_kind AS what, details::text FROM audit_events ORDER BY at",
        )
        .fetch_all(self.database.admin())
        .await
        .unwrap();
        rows.iter().map(|row| (row.get("what"), row.get("details"))).collect()
    }
}

#[tokio::test]
async fn a_refusal_for_want_of_a_right_is_recorded_and_one_of_a_stranger_is_not() {
    let setting = Setting::new().await;
    let viewer = setting.viewer().await;
    let guarded = async |_: &_, request: Request| {
        request.require(Permission::UsersManage)?;
        Ok(Reply::no_content())
    };
    let call = || RequestBuilder::new("GET", "/v1/users");
    assert_eq!(setting.send(&LIMITS, guarded, call()).await.status, 401);
    assert_eq!(setting.send(&LIMITS, guarded, call().principal(&setting.owner())).await.status, 204);
    assert_eq!(setting.send(&LIMITS, guarded, call().principal(&viewer)).await.status, 403);
    let events = setting.events().await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0].0, "aveline access_denied denied user");
    for said in ["GET /v1/users", "users:manage", "\"refused_by\":\"edge\""] {
        assert!(events[0].1.contains(said), "{events:?}");
    }
}

#[tokio::test]
async fn what_the_database_refuses_is_a_403_and_recorded_as_its_refusal() {
    let setting = Setting::new().await;
    let viewer = setting.viewer().await;
    let caller = Caller::from(&viewer);
    // A route that has forgotten to ask.
    let careless = async |ctx: &DatabaseContext, _| {
        let mut tenant = ctx.database.tenant(caller).await?;
        let policy = data::policies::Policy {
            id: UserId::new().0,
            name: "all".into(),
            role: Some("viewer".into()),
            user_id: None,
            api_key_id: None,
            effect: Some("allow".into()),
            permission: Some("users:manage".into()),
            vendors: None,
            stores: None,
            countries: None,
            version: 1,
            created_at: Default::default(),
        };
        data::policies::store(&mut tenant, &policy).await?;
        tenant.commit().await?;
        Ok(Reply::no_content())
    };
    let response =
        setting.send(&LIMITS, careless, RequestBuilder::new("POST", "/v1/policies").principal(&viewer)).await;
    assert_eq!((response.status, &response.json()["code"]), (403, &serde_json::json!("forbidden")));
    let events = setting.events().await;
    assert!(events.len() == 1 && events[0].1.contains("\"refused_by\":\"database\""), "{events:?}");
    let mut tenant = setting.ctx.database.tenant(&setting.owner()).await.unwrap();
    assert_eq!(audit::verify(&mut tenant, None).await.unwrap().fault, None);
}

#[tokio::test]
async fn a_limit_is_recorded_when_it_begins_to_refuse_and_where_the_account_belongs() {
    let setting = Setting::new().await;
    let open = async |_: &_, _| Ok(Reply::no_content());
    let login = |email: &str| {
        RequestBuilder::new("POST", "/v1/auth/login")
            .json(&serde_json::json!({ "email": email, "password": "x" }))
    };
    for _ in 0..5 {
        setting.send(&LIMITS, open, login(&setting.seeded.owner_email)).await;
        setting.send(&LIMITS, open, login("nobody\u{0}@nowhere.example")).await;
    }
    let owner = setting.owner();
    for _ in 0..5 {
        let limits = Limits { requests: 12, ..LIMITS };
        setting.send(&limits, open, RequestBuilder::new("GET", "/v1/me").principal(&owner)).await;
    }
    let events: Vec<String> = setting.events().await.into_iter().map(|(what, _)| what).collect();
    assert_eq!(
        events,
        [
            "aveline limit_reached denied anonymous",
            "installation limit_reached denied anonymous",
            "aveline limit_reached denied user"
        ]
    );
}
