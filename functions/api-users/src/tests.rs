//! An organisation with its people, and a client of the routes.

mod changes;
mod invitations;
mod owners;
mod personal_data;

use cloud::{MemoryQueue, Queue};
use domain::{EmailRequested, OrgId, UserId};
use edge::{
    Principal,
    http::{Request, RequestBuilder, Response, answer},
};
use serde_json::Value;
use testkit::TestDatabase;

use crate::{Context, MailContext, erase, export, get, invite, list, mfa_remove, reinvite, remove, update};

struct Setting {
    database: TestDatabase,
    ctx: Context,
    mails: MailContext,
    queue: MemoryQueue,
    org: OrgId,
    owner: Principal,
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let queue = MemoryQueue::default();
        let app = database.app().clone();
        let mails = MailContext { database: app.clone(), emails: Queue::Memory(queue.clone()) };
        let owner = seeded.principal();
        Self { database, ctx: Context { database: app }, mails, queue, org: seeded.org, owner }
    }

    /// An active user in this role.
    async fn user(&self, name: &str, role: &str) -> Principal {
        let (user_id, email) = (UserId::new(), format!("{name}@aveline.example"));
        sqlx::query(
            "INSERT INTO users (id, org_id, email, password_hash, role) VALUES ($1, $2, $3, 'none', $4)",
        )
        .bind(user_id.0)
        .bind(self.org.0)
        .bind(&email)
        .bind(role)
        .execute(self.database.admin())
        .await
        .unwrap();
        self.database.vouch(self.org, user_id).await
    }

    async fn invite(&self, by: &Principal, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/users").principal(by).json(body).build();
        answer(&self.mails, invite::handle, request).await
    }

    async fn reinvite(&self, by: &Principal, user: UserId) -> Response {
        answer(&self.mails, reinvite::handle, of_user("POST", by, user).build()).await
    }

    async fn get(&self, by: &Principal, user: UserId) -> Response {
        answer(&self.ctx, get::handle, of_user("GET", by, user).build()).await
    }

    async fn list(&self, by: &Principal, query: &str) -> Response {
        let request = RequestBuilder::new("GET", &format!("/v1/users{query}")).principal(by).build();
        answer(&self.ctx, list::handle, request).await
    }

    /// A change of what is there now.
    async fn update(&self, by: &Principal, user: UserId, body: &Value) -> Response {
        self.update_at(by, user, "*", body).await
    }

    async fn update_at(&self, by: &Principal, user: UserId, tag: &str, body: &Value) -> Response {
        let request = of_user("PATCH", by, user).header("if-match", tag).json(body).build();
        answer(&self.ctx, update::handle, request).await
    }

    async fn remove(&self, by: &Principal, user: UserId) -> Response {
        answer(&self.ctx, remove::handle, of_user("DELETE", by, user).build()).await
    }

    async fn export(&self, by: &Principal, user: UserId) -> Response {
        answer(&self.ctx, export::handle, of_user("GET", by, user).build()).await
    }

    async fn erase(&self, by: &Principal, user: UserId) -> Response {
        answer(&self.ctx, erase::handle, of_user("POST", by, user).build()).await
    }

    async fn remove_mfa(&self, by: &Principal, user: UserId) -> Response {
        answer(&self.ctx, mfa_remove::handle, of_user("DELETE", by, user).build()).await
    }

    /// The wake-ups of the sender of mails since the last look.
    fn woken(&self) -> usize {
        self.queue.drain::<EmailRequested>().unwrap().len()
    }

    async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(self.database.admin()).await.unwrap();
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.database.admin()).await.unwrap()
    }
}

fn of_user(method: &str, by: &Principal, user: UserId) -> RequestBuilder {
    RequestBuilder::new(method, &format!("/v1/users/{user}")).principal(by).path("id", user)
}

fn event(name: &str) -> Request {
    Request::from_event(&testkit::event(name).to_string()).unwrap()
}

fn id(view: &Value) -> UserId {
    view["id"].as_str().unwrap().parse().unwrap()
}
