//! Everybody who can call a route, and what they are answered.

use std::{collections::BTreeSet, sync::Arc};

use e2e::{Account, Stack};
use reqwest::{Client, Method};
use serde_json::json;
use sqlx::PgPool;
use tokio::task::JoinSet;

/// Calls at once: one machine plays everybody.
const CALLS_AT_ONCE: usize = 8;

/// The roles that every organisation has, each with all rights of those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    Viewer,
    Analyst,
    Admin,
    Owner,
}

const ROLES: [(Role, &str); 4] =
    [(Role::Viewer, "viewer"), (Role::Analyst, "analyst"), (Role::Admin, "admin"), (Role::Owner, "owner")];

/// Somebody who calls.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    Nobody,
    User(Role),
    Key(Vec<&'static str>),
}

/// A call and the status that it must be answered with.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) who: Who,
    pub(crate) token: Option<String>,
    pub(crate) expected: u16,
    /// The code of the problem, where one is asked for.
    pub(crate) code: Option<&'static str>,
}

impl Call {
    /// Sends it and says what is not as expected.
    async fn differs(self, http: Client, api: Arc<str>) -> Option<String> {
        let Self { method, path, body, who, token, expected, code } = self;
        let verb: Method = method.parse().unwrap();
        let mut request = http.request(verb, format!("{api}{path}"));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let content_type = if path.ends_with("/import") { "text/csv" } else { "application/json" };
        let response = request.header("content-type", content_type).body(body).send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let is_coded = code.is_none_or(|code| text.contains(&format!(r#""code":"{code}""#)));
        (status != expected || !is_coded)
            .then(|| format!("{method} {path} by {who:?}: {status} instead of {expected}: {text:.200}"))
    }
}

/// What the stack answers otherwise than expected.
pub(crate) async fn differing(stack: &Stack, mut calls: Vec<Call>) -> Vec<String> {
    // One caller after the other: calls at the same time are of different functions, each of which keeps one connection.
    calls.sort_by(|a, b| a.who.cmp(&b.who));
    let (http, api) = (Client::new(), Arc::<str>::from(stack.api.as_str()));
    let (mut running, mut wrong) = (JoinSet::new(), Vec::new());
    for call in calls {
        if running.len() >= CALLS_AT_ONCE {
            wrong.extend(running.join_next().await.unwrap().unwrap());
        }
        running.spawn(call.differs(http.clone(), Arc::clone(&api)));
    }
    wrong.extend(running.join_all().await.into_iter().flatten());
    wrong
}

/// A user in each role with a token; the address of each is known to be read.
pub(crate) async fn users(stack: &Stack, owner: &Account) -> Vec<(Who, Option<String>)> {
    let (http, admin) = (Client::new(), PgPool::connect_lazy(&stack.database.admin).unwrap());
    let mut users = Vec::new();
    for (role, name) in ROLES {
        let email = if role == Role::Owner { owner.email.clone() } else { format!("{name}.{}", owner.email) };
        // With the owner's password: hashing another one would only take time.
        sqlx::query(
            "INSERT INTO users (id, org_id, email, password_hash, role, email_verified_at)
             SELECT uuidv7(), org_id, $2, password_hash, $3, now() FROM users WHERE email = $1
             ON CONFLICT (email) DO UPDATE SET email_verified_at = now()",
        )
        .bind(&owner.email)
        .bind(&email)
        .bind(name)
        .execute(&admin)
        .await
        .unwrap();
        let body = json!({ "email": email, "password": owner.password });
        let request = http.post(format!("{}/v1/auth/login", stack.api)).body(body.to_string());
        let response = request.header("content-type", "application/json").send().await.unwrap();
        assert_eq!(response.status(), 200, "{email}");
        let session: serde_json::Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        users.push((Who::User(role), Some(session["access_token"].as_str().unwrap().to_owned())));
    }
    users
}

/// A key for each set of permissions.
pub(crate) async fn keys(
    owner: &Account,
    sets: BTreeSet<&'static [&'static str]>,
) -> Vec<(Who, Option<String>)> {
    let mut keys = Vec::with_capacity(sets.len());
    for scopes in sets {
        let made = owner.post("/v1/api-keys", &json!({ "name": "matrix", "scopes": scopes })).await.unwrap();
        assert_eq!(made.status, 201, "{made:?}");
        keys.push((Who::Key(scopes.to_vec()), Some(made.body["key"].as_str().unwrap().to_owned())));
    }
    keys
}
