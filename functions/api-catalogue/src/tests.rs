//! What the tests of the routes share.

use std::future::Future;

use data::reference;
use domain::{ReferenceData, UploadId};
use edge::{
    ApiError, Principal,
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
    analyst: Principal,
    pub(crate) ctx: Context,
}

impl Setting {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let (seeded, rival) = (database.seed("aveline").await, database.seed("rival").await);
        let ctx = Context { database: database.app().clone() };
        let analyst = database.principal(seeded.org, "analyst").await;
        Self { database, seeded, rival, analyst, ctx }
    }

    /// What an analyst's import answers.
    pub(crate) async fn import<'a, H, F>(&'a self, handle: H, csv: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        self.import_by(&self.analyst, handle, csv).await
    }

    pub(crate) async fn import_by<'a, H, F>(&'a self, caller: &Principal, handle: H, csv: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, Self::request(caller).text(csv).build()).await
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
            Self::request(&self.analyst).header("idempotency-key", key).text(csv).build(),
        )
        .await
    }

    fn request(caller: &Principal) -> RequestBuilder {
        RequestBuilder::new("POST", "/v1/import").header("content-type", "text/csv").principal(caller)
    }

    pub(crate) async fn known(&self, seeded: &Seeded) -> ReferenceData {
        let mut tenant = self.ctx.database.system(seeded.org).await.unwrap();
        reference::load(&mut tenant).await.unwrap()
    }
}

/// Requests of an analyst about what is known, and of a rival.
impl Setting {
    pub(crate) async fn post<'a, H, F>(&'a self, handle: H, body: &Value) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, self.of(&self.seeded, "POST", "/v1/x").json(body).build()).await
    }

    pub(crate) async fn patch<'a, H, F>(&'a self, handle: H, id: &str, body: &Value) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        let request = self.of(&self.seeded, "PATCH", "/v1/x").path("id", id).json(body);
        answer(&self.ctx, handle, request.build()).await
    }

    pub(crate) async fn get<'a, H, F>(&'a self, handle: H, query: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, self.of(&self.seeded, "GET", &format!("/v1/x?{query}")).build()).await
    }

    pub(crate) async fn by_id<'a, H, F>(&'a self, handle: H, id: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, self.of(&self.seeded, "DELETE", "/v1/x").path("id", id).build()).await
    }

    pub(crate) async fn by_id_as_rival<'a, H, F>(&'a self, handle: H, id: &str) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, self.of(&self.rival, "DELETE", "/v1/x").path("id", id).build()).await
    }

    /// Any request, for example one with an `If-Match`.
    pub(crate) async fn send<'a, H, F>(&'a self, handle: H, request: RequestBuilder) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, request.build()).await
    }

    pub(crate) fn of(&self, seeded: &Seeded, method: &str, uri: &str) -> RequestBuilder {
        RequestBuilder::new(method, uri).principal(&seeded.principal())
    }

    /// An example event as the owner of this organisation.
    pub(crate) fn as_owner(&self, mut event: Value) -> Value {
        let caller = &mut event["requestContext"]["authorizer"]["lambda"];
        caller["org_id"] = self.seeded.org.to_string().into();
        caller["user_id"] = self.seeded.owner.to_string().into();
        event
    }

    /// Booked rows by class and product.
    pub(crate) async fn classes(&self) -> Vec<(String, Option<String>, i64)> {
        sqlx::query_as(
            "SELECT line_class, product_ean, count(*) FROM sellout_entries GROUP BY 1, 2 ORDER BY 1, 2",
        )
        .fetch_all(self.database.admin())
        .await
        .unwrap()
    }
}

/// Rows of one upload that print a name and wait for its product.
pub(crate) async fn waiting_rows(setting: &Setting, name: &str, rows: i32) {
    let upload = UploadId::new();
    sqlx::query(
        "WITH upload AS (
             INSERT INTO uploads (id, org_id, file_name, size_bytes, source, object_key, stated_at)
             VALUES ($1, $2, 'a.csv', 3, 'api', $1::text, now())
         )
         INSERT INTO sellout_entries (org_id, upload_id, vendor, cut, period_start, period_end, product_name, quantity,
             amount_local, currency, vat_included, line_class, source_row, key_hash, content_hash, active)
         SELECT $2, $1, 'liberty', 'main', '2026-01-01', '2026-01-31', $3, 2, 12.00, 'GBP', true, 'sale', 6 + n, 'k', 'c',
             true
         FROM generate_series(1, $4) AS n",
    )
    .bind(upload.0)
    .bind(setting.seeded.org.0)
    .bind(name)
    .bind(rows)
    .execute(setting.database.admin())
    .await
    .unwrap();
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
