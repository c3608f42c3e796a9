use data::user_tokens::Purpose;
use edge::{
    Permission,
    http::{RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{IdentityProvider, Person};

use crate::{
    CallbackContext, ProviderContext,
    identities::{link, list, unlink},
    oidc::{finish, start},
    passwords::Passwords,
    providers::{self, Providers},
    setting::{EMAIL, PASSWORD, Setting, principal, session_context},
};

/// A browser, an installation and two providers that it is configured for.
struct World {
    setting: Setting,
    provider: IdentityProvider,
    other: IdentityProvider,
    begins: ProviderContext,
    ends: CallbackContext,
}

impl World {
    async fn new() -> Self {
        Self::with(&json!({})).await
    }

    /// With other settings of the first provider.
    async fn with(changes: &Value) -> Self {
        let (setting, provider, other) =
            (Setting::new().await, IdentityProvider::start(), IdentityProvider::start());
        let providers = || {
            let mut first = provider.settings("idp");
            first.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
            let all =
                [first, other.settings("other")].map(|settings| serde_json::from_value(settings).unwrap());
            Providers::new(all.into(), "https://shelfline.example/").unwrap()
        };
        let app = || setting.database.app().clone();
        let begins = ProviderContext { database: app(), passwords: Passwords::new(), providers: providers() };
        let ends = CallbackContext { sessions: session_context(app()), providers: providers() };
        Self { setting, provider, other, begins, ends }
    }

    async fn start(&self, provider: &str) -> Response {
        let request = RequestBuilder::new("POST", &format!("/v1/auth/oidc/{provider}/start"));
        answer(&self.begins, start::handle, request.path("provider", provider).build()).await
    }

    async fn finish(&self, provider: &str, body: &Value) -> Response {
        answer(&self.ends, finish::handle, callback(provider, body).build()).await
    }

    /// What a browser has in hand when it comes back from the first provider.
    async fn returned(&self, person: &Person) -> Value {
        let begun = self.start("idp").await;
        assert_eq!(begun.status, 200);
        self.back(&begun.json(), person)
    }

    fn back(&self, begun: &Value, person: &Person) -> Value {
        let (code, state) = self.provider.sign_in(begun["authorization_url"].as_str().unwrap(), person);
        json!({ "code": code, "state": state, "binding": begun["binding"] })
    }

    /// A whole sign-in at the first provider, with members more in the last request.
    async fn sign_in(&self, person: &Person, more: &Value) -> Response {
        let mut body = self.returned(person).await;
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.finish("idp", &body).await
    }

    async fn begin_link(&self, session: &Value, body: &Value) -> Response {
        let request = Setting::request("POST", "/v1/me/identities", session, &[]).json(body);
        answer(&self.begins, link::handle, request.build()).await
    }

    async fn identities(&self, session: &Value) -> Vec<Value> {
        let request = Setting::request("GET", "/v1/me/identities", session, &[]);
        let listed = answer(&self.setting.lookups, list::handle, request.build()).await;
        listed.json()["data"].as_array().unwrap().clone()
    }

    async fn unlink(&self, session: &Value, identity: &Value) -> Response {
        let request = Setting::request("DELETE", "/v1/me/identities/x", session, &Permission::ALL);
        let request = request.path("id", identity.as_str().unwrap());
        answer(&self.setting.lookups, unlink::handle, request.build()).await
    }

    /// Links the person's identity with the session's user.
    async fn linked(&self, session: &Value, person: &Person) -> Response {
        let begun = self.begin_link(session, &json!({ "provider": "idp", "password": PASSWORD })).await;
        assert_eq!(begun.status, 200, "{:?}", begun.json());
        self.finish("idp", &self.back(&begun.json(), person)).await
    }
}

fn callback(provider: &str, body: &Value) -> RequestBuilder {
    let request = RequestBuilder::new("POST", &format!("/v1/auth/oidc/{provider}/callback"));
    request.path("provider", provider).json(body)
}

fn ana() -> Person {
    Person { subject: "ana-1".into(), email: "ana@brand.example".into(), email_is_verified: true }
}

/// Who has the address of the registered owner, by the provider's word.
fn namesake() -> Person {
    Person { subject: "owner-1".into(), email: EMAIL.into(), email_is_verified: true }
}

fn code(response: &Response) -> (u16, String) {
    (response.status, response.json()["code"].as_str().unwrap_or_default().to_owned())
}

fn refused() -> (u16, String) {
    (401, "sign_in_refused".to_owned())
}

#[tokio::test]
async fn providers_are_listed_without_their_secrets() {
    let world = World::new().await;
    let request = RequestBuilder::new("GET", "/v1/auth/providers").build();
    let listed = answer(&world.begins, providers::handle, request).await.json();
    let shown = json!([{ "id": "idp", "name": "idp" }, { "id": "other", "name": "other" }]);
    assert_eq!(listed, json!({ "data": shown, "next_cursor": null }));
    assert_eq!(code(&world.start("nobody").await), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn somebody_new_founds_an_organisation_and_comes_back_to_it() {
    let world = World::new().await;
    let founded = world.sign_in(&ana(), &json!({ "organization": " Maison Ana " })).await;
    assert_eq!(founded.status, 201, "{:?}", founded.json());
    let founded = founded.json();
    assert_eq!(
        (&founded["user"]["role"], &founded["user"]["email"]),
        (&json!("owner"), &json!("ana@brand.example"))
    );
    assert_eq!(founded["organization"]["name"], "Maison Ana");
    assert!(world.setting.lives(&founded).await);
    let back = world.sign_in(&ana(), &json!({})).await;
    assert_eq!((back.status, &back.json()["user"]["id"]), (200, &founded["user"]["id"]));
    // By subject alone: the address has become somebody else's.
    let moved = Person { email: "moved@brand.example".into(), email_is_verified: false, ..ana() };
    assert_eq!(world.sign_in(&moved, &json!({})).await.json()["user"]["id"], founded["user"]["id"]);
    let heir = Person { subject: "heir-1".into(), ..ana() };
    assert_eq!(code(&world.sign_in(&heir, &json!({})).await), (409, "identity_not_linked".to_owned()));
    let again = world.sign_in(&ana(), &json!({ "organization": "Another" })).await;
    assert_eq!(code(&again), (409, "identity_taken".to_owned()));
    assert!(world.setting.outbox().await.is_empty(), "the provider has verified the address");
}

#[tokio::test]
async fn an_address_alone_lets_nobody_into_an_account() {
    let world = World::new().await;
    world.setting.registered().await;
    let not_linked = (409, "identity_not_linked".to_owned());
    assert_eq!(code(&world.sign_in(&namesake(), &json!({})).await), not_linked);
    assert_eq!(code(&world.sign_in(&namesake(), &json!({ "organization": "Mine" })).await), not_linked);
    // Who does not own the address is not told that it is known.
    let unverified = Person { email_is_verified: false, ..namesake() };
    assert_eq!(code(&world.sign_in(&unverified, &json!({})).await), (401, "identity_unknown".to_owned()));
    let founding = world.sign_in(&unverified, &json!({ "organization": "Mine" })).await;
    assert_eq!(code(&founding), (401, "address_not_verified".to_owned()));
    assert_eq!(code(&world.sign_in(&ana(), &json!({})).await), (401, "identity_unknown".to_owned()));
}

#[tokio::test]
async fn who_is_signed_in_links_an_identity_and_signs_in_with_it() {
    let world = World::new().await;
    let session = world.setting.registered().await;
    for (body, wrong) in [
        (json!({ "provider": "idp" }), "required"),
        (json!({ "provider": "idp", "password": "not the password" }), "wrong"),
        (json!({ "provider": "nobody", "password": PASSWORD }), "unknown"),
    ] {
        let refused = world.begin_link(&session, &body).await;
        assert_eq!((refused.status, &refused.json()["fields"][0]["code"]), (422, &json!(wrong)), "{body}");
    }
    let linked = world.linked(&session, &namesake()).await;
    assert_eq!((linked.status, &linked.json()["provider"]), (201, &json!("idp")));
    let back = world.sign_in(&namesake(), &json!({})).await;
    assert_eq!((back.status, &back.json()["user"]), (200, &session["user"]));
    let identities = world.identities(&session).await;
    assert_eq!(identities.len(), 1);
    assert_eq!((&identities[0]["email"], identities[0]["last_used_at"].is_string()), (&json!(EMAIL), true));

    let other = world.setting.register(&crate::setting::registration("b@other.example")).await.json();
    assert_eq!(code(&world.linked(&other, &namesake()).await), (409, "identity_taken".to_owned()));
    assert_eq!(world.unlink(&other, &identities[0]["id"]).await.status, 404, "of somebody else");
    assert_eq!(world.unlink(&session, &identities[0]["id"]).await.status, 204);
    assert_eq!(code(&world.sign_in(&namesake(), &json!({})).await), (409, "identity_not_linked".to_owned()));
}

#[tokio::test]
async fn linking_ends_with_the_session_that_began_it() {
    let world = World::new().await;
    let session = world.setting.registered().await;
    let begun = world.begin_link(&session, &json!({ "provider": "idp", "password": PASSWORD })).await.json();
    let body = world.back(&begun, &ana());
    world.setting.execute("UPDATE sessions SET ended_at = now()").await;
    assert_eq!(code(&world.finish("idp", &body).await), refused());
    assert!(world.identities(&session).await.is_empty());
}

#[tokio::test]
async fn the_last_way_in_is_not_taken_away() {
    let world = World::new().await;
    let session = world.sign_in(&ana(), &json!({ "organization": "Maison Ana" })).await.json();
    let only = world.identities(&session).await.remove(0);
    assert_eq!(code(&world.unlink(&session, &only["id"]).await), (409, "last_way_in".to_owned()));
    world.setting.execute("UPDATE users SET password_hash = 'x'").await;
    assert_eq!(world.unlink(&session, &only["id"]).await.status, 204);
}

#[tokio::test]
async fn an_invitation_is_accepted_with_an_identity_of_whatever_address() {
    let world = World::new().await;
    let session = world.setting.registered().await;
    let invited = world.setting.colleague(&session, "bea@aveline.example", "viewer").await;
    world
        .setting
        .execute("UPDATE users SET joined_at = NULL, password_hash = NULL WHERE role = 'viewer'")
        .await;
    let token = world.setting.mailed_token(&invited, Purpose::Invitation).await;
    let both = json!({ "invitation": token, "organization": "Mine" });
    assert_eq!(world.sign_in(&ana(), &both).await.status, 422);
    let wrong = world.sign_in(&ana(), &json!({ "invitation": "wrong" })).await;
    assert_eq!(code(&wrong), (401, "invalid_token".to_owned()));
    let joined = world.sign_in(&ana(), &json!({ "invitation": token })).await;
    assert_eq!((joined.status, &joined.json()["user"]), (200, &invited["user"]));
    assert_eq!(principal(&joined.json()).org_id, principal(&session).org_id);
    let again = Person { subject: "x".into(), ..ana() };
    assert_eq!(code(&world.sign_in(&again, &json!({ "invitation": token })).await).1, "invalid_token");
}

#[tokio::test]
async fn a_disabled_user_does_not_come_in_and_a_second_factor_is_asked_for() {
    let world = World::new().await;
    let session = world.sign_in(&ana(), &json!({ "organization": "Maison Ana" })).await.json();
    world.setting.execute("INSERT INTO mfa_factors (user_id, org_id, sealed_secret, confirmed_at) SELECT id, org_id, '\\x00', now() FROM users").await;
    let halfway = world.sign_in(&ana(), &json!({})).await;
    assert_eq!(code(&halfway), (401, "mfa_required".to_owned()));
    assert!(halfway.json()["mfa_token"].is_string());
    world.setting.execute("UPDATE users SET disabled_at = now()").await;
    assert_eq!(code(&world.sign_in(&ana(), &json!({})).await), refused());
    assert!(!world.setting.allows(&session).await);
}

#[tokio::test]
async fn a_return_is_good_once_for_its_browser_and_its_provider() {
    let world = World::new().await;
    world.sign_in(&ana(), &json!({ "organization": "Maison Ana" })).await;
    let with = |body: &Value, name: &str, value: &str| {
        let mut body = body.clone();
        body[name] = json!(value);
        body
    };
    let (body, another) = (world.returned(&ana()).await, world.returned(&ana()).await);
    let binding = another["binding"].as_str().unwrap();
    for hostile in [
        with(&body, "binding", binding),
        with(&body, "binding", ""),
        with(&body, "state", another["state"].as_str().unwrap()),
        with(&body, "state", "\u{0}"),
        json!({ "code": body["code"], "state": body["state"] }),
    ] {
        assert_eq!(code(&world.finish("idp", &hostile).await), refused(), "{hostile}");
    }
    assert_eq!(code(&world.finish("other", &body).await), refused(), "at another provider");
    assert_eq!(world.finish("idp", &body).await.status, 200, "none of that has used it up");
    assert_eq!(code(&world.finish("idp", &body).await), refused(), "a second time");
    // The code of another sign-in, stolen and put into an own one.
    let swapped = with(&another, "code", world.returned(&ana()).await["code"].as_str().unwrap());
    assert_eq!(code(&world.finish("idp", &swapped).await), refused());
    assert_eq!(code(&world.finish("idp", &another).await), refused(), "it was used up by that");
    let late = world.returned(&ana()).await;
    world.setting.execute("UPDATE sign_in_attempts SET expires_at = now()").await;
    assert_eq!(code(&world.finish("idp", &late).await), refused(), "after ten minutes");
}

#[tokio::test]
async fn what_a_provider_says_wrongly_lets_nobody_in_and_is_told_apart_by_nothing() {
    let world = World::new().await;
    world.sign_in(&ana(), &json!({ "organization": "Maison Ana" })).await;
    let body = world.returned(&ana()).await;
    let mut foreign = body.clone();
    foreign["iss"] = json!(world.other.issuer());
    assert_eq!(code(&world.finish("idp", &foreign).await), refused(), "iss of another provider");
    for claims in [
        json!({ "nonce": "x" }),
        json!({ "aud": "x" }),
        json!({ "iss": world.other.issuer() }),
        json!({ "exp": 1 }),
    ] {
        world.provider.claim(claims.clone());
        let response = world.sign_in(&ana(), &json!({})).await;
        assert_eq!(code(&response), refused(), "{claims}");
        assert!(!response.json().to_string().contains("issuer"), "{claims}");
    }
}

#[tokio::test]
async fn a_browser_is_bound_by_a_cookie_that_no_script_reads() {
    let world = World::new().await;
    let asks = |request: RequestBuilder| request.header("x-session", "cookie");
    let request = RequestBuilder::new("POST", "/v1/auth/oidc/idp/start").path("provider", "idp");
    let begun = answer(&world.begins, start::handle, asks(request).build()).await;
    assert_eq!(begun.json()["binding"], Value::Null);
    let cookie = begun.cookies().next().unwrap().to_owned();
    assert!(
        cookie.starts_with("__Host-sign-in=") && cookie.ends_with("SameSite=Strict; HttpOnly"),
        "{cookie}"
    );
    let mut body = world.back(&begun.json(), &ana());
    body.as_object_mut().unwrap().remove("binding");
    body["organization"] = json!("Maison Ana");
    let twice = asks(callback("idp", &body)).header("cookie", "__Host-sign-in=a; __Host-sign-in=b");
    assert_eq!(answer(&world.ends, finish::handle, twice.build()).await.status, 401);
    let request = asks(callback("idp", &body)).header("cookie", cookie.split(';').next().unwrap());
    let founded = answer(&world.ends, finish::handle, request.build()).await;
    assert_eq!(founded.status, 201, "{:?}", founded.json());
    let names: Vec<_> =
        founded.cookies().map(|cookie| cookie.split('=').next().unwrap().to_owned()).collect();
    assert_eq!(names, ["__Host-access", "__Host-refresh", "__Host-csrf", "__Host-sign-in"]);
    assert!(founded.cookies().last().unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn only_verified_addresses_of_the_configured_domains_come() {
    let world = World::with(&json!({ "email_domains": ["Brand.example"] })).await;
    let not_allowed = (401, "address_not_allowed".to_owned());
    for (email, email_is_verified) in [
        ("ana@brand.example", false),
        ("ana@brand.example.attacker.example", true),
        ("ana@brand.example@x", true),
        ("brand.example", true),
    ] {
        let person = Person { email: email.into(), email_is_verified, ..ana() };
        let founding = world.sign_in(&person, &json!({ "organization": "Mine" })).await;
        assert_eq!(code(&founding), not_allowed, "{email}");
    }
    assert_eq!(world.sign_in(&ana(), &json!({ "organization": "Maison Ana" })).await.status, 201);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_our_trouble_and_two_of_one_name_are_refused_at_the_start() {
    let mut world = World::new().await;
    world.provider = IdentityProvider::start();
    assert_eq!(code(&world.start("idp").await), (503, "provider_unavailable".to_owned()));
    let twice = ["a", "a"].map(|id| serde_json::from_value(world.other.settings(id)).unwrap());
    assert!(Providers::new(twice.into(), "https://shelfline.example").is_err());
}
