//! What the tests of the three routes share.

use std::future::Future;

use data::reference;
use domain::ReferenceData;
use edge::{
    ApiError, Principal, Role,
    http::{Reply, Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase};

use crate::Context;

/// A database with one organisation and a rival that must never notice it.
pub(crate) struct Setting {
    pub(crate) database: TestDatabase,
    pub(crate) seeded: Seeded,
    pub(crate) rival: Seeded,
    pub(crate) ctx: Context,
}

impl Setting {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
        let ctx = Context { database: database.app().clone() };
        Self { database, seeded, rival, ctx }
    }

    /// What an analyst's import answers.
    pub(crate) async fn import<'a, H, F>(&'a self, handle: H, csv: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        self.import_as(Role::Analyst, handle, csv).await
    }

    pub(crate) async fn import_as<'a, H, F>(&'a self, role: Role, handle: H, csv: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, self.request(role).text(csv).build()).await
    }

    /// The same under an `Idempotency-Key`.
    pub(crate) async fn import_keyed<'a, H, F>(&'a self, key: &str, handle: H, csv: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(
            &self.ctx,
            handle,
            self.request(Role::Analyst).header("idempotency-key", key).text(csv).build(),
        )
        .await
    }

    fn request(&self, role: Role) -> RequestBuilder {
        let (org_id, email) = (self.seeded.org, "ana@aveline.example".to_owned());
        let principal = Principal { org_id, user_id: self.seeded.owner, role, email };
        RequestBuilder::new("POST", "/v1/import").header("content-type", "text/csv").principal(&principal)
    }

    pub(crate) async fn known(&self, seeded: &Seeded) -> ReferenceData {
        let mut tenant = self.ctx.database.tenant(seeded.org).await.unwrap();
        reference::load(&mut tenant).await.unwrap()
    }
}

/// Created, updated, unchanged and rejected.
pub(crate) fn counts(response: &Response) -> [u64; 4] {
    assert_eq!(response.status, 200, "{}", response.json());
    let body = response.json();
    ["created", "updated", "unchanged", "rejected_total"].map(|name| body[name].as_u64().unwrap())
}

/// Row, column and code of each reject.
pub(crate) fn rejects(response: &Response) -> Value {
    let body = response.json();
    let rejects = body["rejected"].as_array().unwrap().iter();
    rejects.map(|reject| json!([reject["row"], reject["column"], reject["code"]])).collect()
}
