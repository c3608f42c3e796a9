//! What the tests of this crate stand on: a database that knows the signing key, and a client of the routes.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use data::{Database, signing_keys};
use ed25519_dalek::{Signer as _, SigningKey};
use edge::{
    ApiError, Principal, Role,
    http::{Reply, Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::{
    Context, SessionContext, authorizer, login, logout,
    passwords::Passwords,
    refresh, register,
    tokens::{Signer, TokenSecret},
};

pub(crate) const KID: &str = "2026-11";
pub(crate) const SEED: [u8; 32] = [7; 32];
pub(crate) const EMAIL: &str = "owner@aveline.example";
pub(crate) const PASSWORD: &str = "violet harbour ledger 42";

pub(crate) struct Setting {
    pub(crate) database: TestDatabase,
    pub(crate) sessions: SessionContext,
    pub(crate) lookups: Context,
}

impl Setting {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let mut admin = database.admin().acquire().await.unwrap();
        signing_keys::publish(&mut admin, KID, &public_key()).await.unwrap();
        drop(admin);
        let sessions = session_context(database.app().clone());
        let lookups = Context { database: database.app().clone() };
        Self { database, sessions, lookups }
    }

    pub(crate) async fn register(&self, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/auth/register").json(body).build();
        answer(&self.sessions, register::handle, request).await
    }

    /// The session of a new organisation's owner, Maison Aveline's.
    pub(crate) async fn registered(&self) -> Value {
        let response = self.register(&registration(EMAIL)).await;
        assert_eq!(response.status, 201);
        response.json()
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Response {
        let body = json!({ "email": email, "password": password });
        let request = RequestBuilder::new("POST", "/v1/auth/login").json(&body).build();
        answer(&self.sessions, login::handle, request).await
    }

    pub(crate) async fn refresh(&self, token: &Value) -> Response {
        answer(&self.sessions, refresh::handle, refresh_request(token)).await
    }

    pub(crate) async fn logout(&self, session: &Value, body: Option<&Value>) -> Response {
        let request = RequestBuilder::new("POST", "/v1/auth/logout").principal(&principal(session));
        let request = if let Some(body) = body { request.json(body) } else { request };
        answer(&self.lookups, logout::handle, request.build()).await
    }

    /// What the authorizer tells API Gateway about an `Authorization` header.
    pub(crate) async fn authorize(&self, header: &str) -> Value {
        let event = serde_json::from_value(json!({ "identitySource": [header] })).unwrap();
        json!(authorizer::authorize(&self.lookups, &event).await.unwrap())
    }

    /// Runs a statement as administrator.
    pub(crate) async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(self.database.admin()).await.unwrap();
    }
}

pub(crate) fn session_context(database: Database) -> SessionContext {
    let secret = TokenSecret { kid: KID.into(), ed25519_seed: STANDARD.encode(SEED) };
    SessionContext { database, signer: Signer::new(&secret).unwrap(), passwords: Passwords::new() }
}

pub(crate) fn registration(email: &str) -> Value {
    json!({ "organization": "Maison Aveline", "email": email, "password": PASSWORD })
}

pub(crate) fn refresh_request(token: &Value) -> Request {
    RequestBuilder::new("POST", "/v1/auth/refresh").json(&json!({ "refresh_token": token })).build()
}

/// The caller of a session, as the authorizer would vouch for.
pub(crate) fn principal(session: &Value) -> Principal {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Principal {
        org_id: text(&session["organization"]["id"]).parse().unwrap(),
        user_id: text(&session["user"]["id"]).parse().unwrap(),
        role: Role::Owner,
        email: text(&session["user"]["email"]),
    }
}

pub(crate) fn public_key() -> [u8; 32] {
    SigningKey::from_bytes(&SEED).verifying_key().to_bytes()
}

/// Answers an example event.
pub(crate) async fn answer_event<'a, C, H, F>(ctx: &'a C, handle: H, name: &str) -> Response
where
    H: FnOnce(&'a C, Request) -> F,
    F: Future<Output = Result<Reply, ApiError>>,
{
    answer(ctx, handle, Request::from_event(&testkit::event(name).to_string()).unwrap()).await
}

/// A token with whatever header and claims, signed with Ed25519 by another library than the code's.
pub(crate) fn token(header: &Value, claims: &Value, seed: [u8; 32]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = SigningKey::from_bytes(&seed).sign(signed.as_bytes()).to_bytes();
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}
