//! An identity provider that checks what a client sends, PKCE included, and lies as a test wants, over real HTTP.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

pub(crate) const CLIENT_ID: &str = "shelfline";
const CLIENT_SECRET: &str = "s3cret & more";
const SEED: [u8; 32] = [11; 32];
const KID: &str = "key-1";

/// Makes the ID token: from its header, its claims and the seed of the provider's key.
pub type Forgery = Box<dyn Fn(Value, Value, [u8; 32]) -> String + Send>;

/// Whom the provider knows.
#[derive(Debug, Clone)]
pub struct Person {
    pub subject: String,
    pub email: String,
    pub email_is_verified: bool,
}

struct Grant {
    claims: Value,
    challenge: String,
    redirect_uri: String,
}

#[derive(Default)]
struct State {
    grants: HashMap<String, Grant>,
    forgery: Option<Forgery>,
    metadata: Map<String, Value>,
    keys: Option<Value>,
    keys_asked: usize,
}

/// A provider on a port of its own. Its clients are `shelfline` with one secret; it signs with Ed25519.
pub struct IdentityProvider {
    issuer: String,
    state: Arc<Mutex<State>>,
    stopped: Arc<AtomicBool>,
}

impl IdentityProvider {
    /// # Panics
    /// When no port is free.
    #[must_use]
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let (state, stopped) = (Arc::new(Mutex::new(State::default())), Arc::new(AtomicBool::new(false)));
        let (serves, stops, name) = (state.clone(), stopped.clone(), issuer.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stops.load(Ordering::Relaxed) {
                    return;
                }
                let (state, issuer) = (serves.clone(), name.clone());
                let Ok(stream) = stream else { continue };
                thread::spawn(move || {
                    let _ = serve(&stream, &issuer, &state);
                });
            }
        });
        Self { issuer, state, stopped }
    }

    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What an installation configures.
    #[must_use]
    pub fn settings(&self, id: &str) -> Value {
        json!({
            "id": id, "name": id, "issuer": self.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        })
    }

    /// Somebody signs in at the address that a browser was sent to: what comes back is code and state.
    ///
    /// # Panics
    /// When the address is none of this provider, or asks for what it does not do.
    #[must_use]
    pub fn sign_in(&self, url: &str, person: &Person) -> (String, String) {
        let query =
            url.strip_prefix(&format!("{}/authorize?", self.issuer)).expect("an address of this provider");
        let asked: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!((&*asked["response_type"], &*asked["client_id"]), ("code", CLIENT_ID));
        assert_eq!(asked["code_challenge_method"], "S256");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let claims = json!({
            "iss": self.issuer, "sub": person.subject, "aud": CLIENT_ID, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "email": person.email, "email_verified": person.email_is_verified,
        });
        let code = Uuid::new_v4().to_string();
        let (challenge, redirect_uri) = (asked["code_challenge"].clone(), asked["redirect_uri"].clone());
        self.change(|state| {
            state.grants.insert(code.clone(), Grant { claims, challenge, redirect_uri });
        });
        (code, asked["state"].clone())
    }

    /// From now on ID tokens are made so.
    ///
    /// # Panics
    /// When the provider itself did.
    pub fn forge(&self, forgery: impl Fn(Value, Value, [u8; 32]) -> String + Send + 'static) {
        self.change(|state| state.forgery = Some(Box::new(forgery)));
    }

    /// From now on these claims are other ones; `null` leaves one out.
    ///
    /// # Panics
    /// When the provider itself did.
    pub fn claim(&self, changes: Value) {
        self.forge(move |header, claims, seed| signed(&header, &patched(claims, &changes), seed));
    }

    /// Members of the discovery document that are other ones; `null` leaves one out.
    ///
    /// # Panics
    /// When the provider itself did.
    pub fn describe(&self, changes: &Value) {
        let changes = changes.as_object().expect("members").clone();
        self.change(|state| state.metadata.extend(changes));
    }

    /// From now on it publishes these keys.
    ///
    /// # Panics
    /// When the provider itself did.
    pub fn publish(&self, keys: Value) {
        self.change(|state| state.keys = Some(keys));
    }

    /// The public key it signs with, as it is published.
    #[must_use]
    pub fn key() -> Value {
        let public = SigningKey::from_bytes(&SEED).verifying_key().to_bytes();
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": KID, "use": "sig", "alg": "EdDSA", "x": URL_SAFE_NO_PAD.encode(public) })
    }

    /// How often its keys were asked for.
    ///
    /// # Panics
    /// When the provider itself did.
    #[must_use]
    pub fn keys_asked(&self) -> usize {
        self.state.lock().expect("no connection panicked").keys_asked
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state.lock().expect("no connection panicked"));
    }
}

impl Drop for IdentityProvider {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(self.issuer.trim_start_matches("http://"));
    }
}

/// A token with this header and these claims, signed with Ed25519.
#[must_use]
pub fn signed(header: &Value, claims: &Value, seed: [u8; 32]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(header), part(claims));
    let signature = SigningKey::from_bytes(&seed).sign(text.as_bytes()).to_bytes();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn patched(mut object: Value, changes: &Value) -> Value {
    let members = object.as_object_mut().expect("an object");
    for (name, value) in changes.as_object().expect("members") {
        if value.is_null() {
            members.remove(name)
        } else {
            members.insert(name.clone(), value.clone())
        };
    }
    object
}

fn serve(stream: &TcpStream, issuer: &str, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line)? > 2 {
        head.push(std::mem::take(&mut line).trim_end().to_owned());
    }
    let header = |name: &str| {
        head.iter().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut state = state.lock().expect("no connection panicked");
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let (status, answer) = match path {
        "/.well-known/openid-configuration" => (200, patched(metadata(issuer), &json!(state.metadata))),
        "/jwks" => {
            state.keys_asked += 1;
            (200, state.keys.clone().unwrap_or_else(|| json!({ "keys": [IdentityProvider::key()] })))
        }
        "/token" => token(&mut state, header("authorization").as_deref(), &body),
        _ => (404, Value::Null),
    };
    let answer = answer.to_string();
    let length = answer.len();
    write!(
        &*stream,
        "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{answer}"
    )
}

fn metadata(issuer: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "code_challenge_methods_supported": ["S256"],
    })
}

fn token(state: &mut State, authorization: Option<&str>, body: &[u8]) -> (u16, Value) {
    let refused = |error: &str| (400, json!({ "error": error }));
    let form: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
    let given = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let basic = format!("{CLIENT_ID}:{}", encoded(CLIENT_SECRET));
    let by_header = authorization == Some(&format!("Basic {}", STANDARD.encode(basic)));
    let by_body = (given("client_id"), given("client_secret")) == (CLIENT_ID, CLIENT_SECRET);
    if by_header == by_body {
        return (401, json!({ "error": "invalid_client" }));
    }
    // A code is used up by the first who sends it.
    let Some(grant) = state.grants.remove(given("code")) else { return refused("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier")));
    if challenge != grant.challenge || given("redirect_uri") != grant.redirect_uri {
        return refused("invalid_grant");
    }
    let header = json!({ "typ": "JWT", "alg": "EdDSA", "kid": KID });
    let token = match &state.forgery {
        Some(forgery) => forgery(header, grant.claims, SEED),
        None => signed(&header, &grant.claims, SEED),
    };
    (200, json!({ "access_token": "a", "token_type": "Bearer", "id_token": token }))
}
