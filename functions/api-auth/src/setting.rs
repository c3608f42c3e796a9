//! What the tests of this crate stand on: a database that knows the signing key, and a client of the routes.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use cloud::{MemoryQueue, Queue};
use data::{
    Database, signing_keys,
    user_tokens::{self, Purpose},
};
use domain::SessionId;
use ed25519_dalek::{Signer as _, SigningKey};
use edge::{
    ApiError, Permission, Principal,
    http::{Reply, Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::TestDatabase;

use crate::{
    Context, MailContext, PasswordContext, RegisterContext, SessionContext, authorizer, login, logout,
    mfa::Seal,
    password_reset,
    passwords::Passwords,
    refresh, register,
    tokens::{Signer, TokenSecret},
};

pub(crate) const KID: &str = "2026-11";
pub(crate) const SEED: [u8; 32] = [7; 32];
pub(crate) const EMAIL: &str = "owner@aveline.example";
pub(crate) const PASSWORD: &str = "violet harbour ledger 42";

pub(crate) const OTHER_PASSWORD: &str = "amber lighthouse ledger 43";

pub(crate) struct Setting {
    pub(crate) database: TestDatabase,
    pub(crate) sessions: SessionContext,
    pub(crate) registering: RegisterContext,
    pub(crate) passwords: PasswordContext,
    pub(crate) mails: MailContext,
    pub(crate) lookups: Context,
    /// What wakes the sender of mails.
    pub(crate) queue: MemoryQueue,
}

impl Setting {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let mut admin = database.admin().acquire().await.unwrap();
        signing_keys::publish(&mut admin, KID, &public_key()).await.unwrap();
        drop(admin);
        let sessions = session_context(database.app().clone());
        let (app, queue) = (database.app().clone(), MemoryQueue::default());
        let emails = Queue::Memory(queue.clone());
        let registering = RegisterContext { sessions: session_context(app.clone()), emails: emails.clone() };
        let passwords = PasswordContext { database: app.clone(), passwords: Passwords::new() };
        let mails = MailContext { database: app.clone(), emails };
        let lookups = Context { database: app };
        Self { database, sessions, registering, passwords, mails, lookups, queue }
    }

    pub(crate) async fn register(&self, body: &Value) -> Response {
        let request = RequestBuilder::new("POST", "/v1/auth/register").json(body).build();
        answer(&self.registering, register::handle, request).await
    }

    /// The session of a new organisation's owner, Maison Aveline's.
    pub(crate) async fn registered(&self) -> Value {
        let response = self.register(&registration(EMAIL)).await;
        assert_eq!(response.status, 201);
        response.json()
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Response {
        self.login_at(&self.sessions, email, password).await
    }

    /// A login at a process that may have another key than the others.
    pub(crate) async fn login_at(&self, at: &SessionContext, email: &str, password: &str) -> Response {
        let body = json!({ "email": email, "password": password });
        let request = RequestBuilder::new("POST", "/v1/auth/login").json(&body).build();
        answer(at, login::handle, request).await
    }

    /// Another person of the session's organisation, signed in with [`PASSWORD`].
    pub(crate) async fn colleague(&self, of: &Value, email: &str, role: &str) -> Value {
        sqlx::query(
            "INSERT INTO users (id, org_id, email, password_hash, role)
             SELECT gen_random_uuid(), org_id, $2, password_hash, $3 FROM users WHERE id = $1",
        )
        .bind(principal(of).user_id.0)
        .bind(email)
        .bind(role)
        .execute(self.database.admin())
        .await
        .unwrap();
        self.login(email, PASSWORD).await.json()
    }

    pub(crate) async fn refresh(&self, token: &Value) -> Response {
        self.refresh_at(&self.sessions, token).await
    }

    pub(crate) async fn refresh_at(&self, at: &SessionContext, token: &Value) -> Response {
        answer(at, refresh::handle, refresh_request(token)).await
    }

    pub(crate) async fn reset(&self, token: &str, password: &str) -> Response {
        let body = json!({ "token": token, "new_password": password });
        let request = RequestBuilder::new("POST", "/v1/auth/password/reset").json(&body).build();
        answer(&self.passwords, password_reset::handle, request).await
    }

    pub(crate) async fn logout(&self, session: &Value, body: Option<&Value>) -> Response {
        let request = RequestBuilder::new("POST", "/v1/auth/logout").principal(&principal(session));
        let request = if let Some(body) = body { request.json(body) } else { request };
        answer(&self.lookups, logout::handle, request.build()).await
    }

    /// A request of the session's user, with whatever permissions.
    pub(crate) fn request(
        method: &str,
        target: &str,
        session: &Value,
        permissions: &[Permission],
    ) -> RequestBuilder {
        let caller = Principal { permissions: permissions.to_vec(), ..principal(session) };
        RequestBuilder::new(method, target).principal(&caller).session(session_id(session))
    }

    /// Whether the authorizer takes the session's access token.
    pub(crate) async fn allows(&self, session: &Value) -> bool {
        let header = format!("Bearer {}", session["access_token"].as_str().unwrap());
        self.authorize(&header).await["context"]["org_id"].is_string()
    }

    /// Refreshes and asks the authorizer: whether a session can still be used.
    pub(crate) async fn lives(&self, session: &Value) -> bool {
        self.allows(session).await && self.refresh(&session["refresh_token"]).await.status == 200
    }

    /// What the authorizer tells API Gateway about an `Authorization` header.
    pub(crate) async fn authorize(&self, header: &str) -> Value {
        self.authorize_event(json!({ "headers": { "authorization": header } })).await
    }

    /// What the authorizer tells API Gateway about a request.
    pub(crate) async fn authorize_event(&self, event: Value) -> Value {
        let event = serde_json::from_value(event).unwrap();
        json!(authorizer::authorize(&self.lookups, &event).await.unwrap())
    }

    /// What a mail brings its reader.
    pub(crate) async fn mailed_token(&self, session: &Value, purpose: Purpose) -> String {
        let caller = principal(session);
        let mut tenant = self.database.app().system(caller.org_id).await.unwrap();
        let token = user_tokens::issue(&mut tenant, caller.user_id, purpose).await.unwrap().unwrap();
        tenant.commit().await.unwrap();
        token.into_text()
    }

    /// Kinds and recipients of the mails in the outbox, oldest first.
    pub(crate) async fn outbox(&self) -> Vec<(String, String)> {
        sqlx::query_as("SELECT type, recipient FROM email_logs ORDER BY id")
            .fetch_all(self.database.admin())
            .await
            .unwrap()
    }

    /// Runs a statement as administrator.
    pub(crate) async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(self.database.admin()).await.unwrap();
    }
}

pub(crate) fn session_context(database: Database) -> SessionContext {
    signing_with(KID, SEED).context(database)
}

/// A key that a process signs with.
pub(crate) struct Key {
    secret: TokenSecret,
    pub(crate) public_key: [u8; 32],
}

pub(crate) fn signing_with(kid: &str, seed: [u8; 32]) -> Key {
    let secret = TokenSecret {
        kid: kid.into(),
        ed25519_seed: STANDARD.encode(seed),
        mfa_key: STANDARD.encode([5; 32]),
    };
    Key { secret, public_key: SigningKey::from_bytes(&seed).verifying_key().to_bytes() }
}

impl Key {
    pub(crate) fn context(&self, database: Database) -> SessionContext {
        let seal = Seal::new(&self.secret.mfa_key).unwrap();
        SessionContext {
            database,
            signer: Signer::new(&self.secret).unwrap(),
            passwords: Passwords::new(),
            seal,
        }
    }
}

pub(crate) fn registration(email: &str) -> Value {
    json!({ "organization": "Maison Aveline", "email": email, "password": PASSWORD })
}

pub(crate) fn refresh_request(token: &Value) -> Request {
    RequestBuilder::new("POST", "/v1/auth/refresh").json(&json!({ "refresh_token": token })).build()
}

/// The session that an access token belongs to.
pub(crate) fn session_id(session: &Value) -> SessionId {
    let claims = session["access_token"].as_str().unwrap().split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    serde_json::from_value(claims["sid"].clone()).unwrap()
}

/// The caller of a session, as the authorizer would vouch for.
pub(crate) fn principal(session: &Value) -> Principal {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Principal {
        org_id: text(&session["organization"]["id"]).parse().unwrap(),
        user_id: text(&session["user"]["id"]).parse().unwrap(),
        key_id: None,
        role: text(&session["user"]["role"]),
        email: text(&session["user"]["email"]),
        permissions: Permission::ALL.to_vec(),
    }
}

pub(crate) fn public_key() -> [u8; 32] {
    signing_with(KID, SEED).public_key
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
