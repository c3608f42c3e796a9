use aws_lc_rs::{
    encoding::AsDer as _,
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use testkit::{IdentityProvider, Person, signed};

use super::*;

const REDIRECT: &str = "https://shelfline.example/sign-in/idp";

fn person() -> Person {
    Person { subject: "s-1".into(), email: "Ana@Brand.example".into(), email_is_verified: true }
}

fn provider(of: &IdentityProvider, changes: &Value) -> Provider {
    let mut settings = of.settings("idp");
    settings.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    Provider::new(serde_json::from_value(settings).unwrap(), REDIRECT.to_owned()).unwrap()
}

fn plain(of: &IdentityProvider) -> Provider {
    provider(of, &json!({}))
}

/// A whole sign-in, as a browser makes it.
async fn sign_in(at: &IdentityProvider, by: &Provider, iss: Option<&str>) -> Result<Identity, Error> {
    let attempt = Attempt::new();
    let url = by.authorization_url(&attempt).await?;
    let (code, state) = at.sign_in(&url, &person());
    assert_eq!(state, attempt.state);
    by.redeem(&code, iss, &attempt).await
}

#[tokio::test]
async fn a_code_is_redeemed_for_who_has_signed_in() {
    let at = IdentityProvider::start();
    let identity = sign_in(&at, &plain(&at), None).await.unwrap();
    let expected = Identity {
        issuer: at.issuer().into(),
        subject: "s-1".into(),
        email: Some("ana@brand.example".into()),
        email_is_verified: true,
        name: None,
    };
    assert_eq!(identity, expected);
    at.describe(
        &json!({ "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"] }),
    );
    assert_eq!(sign_in(&at, &plain(&at), Some(at.issuer())).await, Ok(expected), "the secret in the body");
}

#[tokio::test]
async fn a_code_is_nothing_without_its_verifier_or_a_second_time() {
    let at = IdentityProvider::start();
    let by = plain(&at);
    let attempt = Attempt::new();
    let (code, _) = at.sign_in(&by.authorization_url(&attempt).await.unwrap(), &person());
    assert_eq!(by.redeem(&code, None, &Attempt::new()).await, Err(Error::Refused), "of another sign-in");
    assert_eq!(by.redeem(&code, None, &attempt).await, Err(Error::Refused), "used up");
    for code in ["", "never issued", &"x".repeat(5_000)] {
        assert_eq!(by.redeem(code, None, &attempt).await, Err(Error::Refused));
    }
}

#[tokio::test]
async fn claims_that_are_not_about_this_sign_in_are_not_believed() {
    let at = IdentityProvider::start();
    let by = plain(&at);
    let now = Utc::now().timestamp();
    for claims in [
        json!({ "iss": "https://accounts.google.com" }),
        json!({ "iss": format!("{}/", at.issuer()) }),
        json!({ "iss": null }),
        json!({ "aud": "another client" }),
        json!({ "aud": ["shelfline", "another client"] }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "azp": "another client" }),
        json!({ "nonce": "of another sign-in" }),
        json!({ "nonce": null }),
        json!({ "nonce": "" }),
        json!({ "exp": now - 120 }),
        json!({ "exp": null }),
        json!({ "exp": (now + 300).to_string() }),
        json!({ "nbf": now + 120 }),
        json!({ "iat": now - 3_600 }),
        json!({ "iat": now + 3_600 }),
        json!({ "iat": null }),
        json!({ "sub": "" }),
        json!({ "sub": null }),
        json!({ "sub": 7 }),
        json!({ "sub": "a\u{0}b" }),
        json!({ "sub": "x".repeat(256) }),
    ] {
        at.claim(claims.clone());
        let refused = sign_in(&at, &by, None).await.unwrap_err();
        assert!(matches!(refused, Error::Untrusted(_)), "{claims}: {refused}");
    }
    for claims in [json!({ "aud": ["shelfline"], "azp": "shelfline" }), json!({ "exp": now - 30 })] {
        at.claim(claims.clone());
        assert!(sign_in(&at, &by, None).await.is_ok(), "{claims}");
    }
}

#[tokio::test]
async fn tokens_that_the_provider_has_not_signed_are_not_believed() {
    let at = IdentityProvider::start();
    let by = plain(&at);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let public = URL_SAFE_NO_PAD.decode(IdentityProvider::key()["x"].as_str().unwrap()).unwrap();
    let with = |header: &Value, name: &str, value: Value| {
        let mut header = header.clone();
        header[name] = value;
        header
    };
    type Make = Box<dyn Fn(Value, Value, [u8; 32]) -> String + Send>;
    let forgeries: Vec<(&str, Make)> = vec![
        (
            "alg none",
            Box::new(move |h, c, _| format!("{}.{}.", part(&with(&h, "alg", json!("none"))), part(&c))),
        ),
        ("alg nOnE", Box::new(move |h, c, s| signed(&with(&h, "alg", json!("nOnE")), &c, s))),
        ("no signature", Box::new(move |h, c, _| format!("{}.{}.", part(&h), part(&c)))),
        (
            "HS256 with the public key as secret",
            Box::new(move |_, claims, _| {
                let header = Header { kid: Some("key-1".into()), ..Header::new(Algorithm::HS256) };
                encode(&header, &claims, &EncodingKey::from_secret(&public)).unwrap()
            }),
        ),
        (
            "RS256 over an Ed25519 signature",
            Box::new(move |h, c, s| signed(&with(&h, "alg", json!("RS256")), &c, s)),
        ),
        ("another key", Box::new(|h, c, _| signed(&h, &c, [66; 32]))),
        (
            "another key under an id of its own",
            Box::new(move |h, c, _| signed(&with(&h, "kid", json!("mine")), &c, [66; 32])),
        ),
        (
            "its own key in the header",
            Box::new(move |h, c, _| signed(&with(&h, "jwk", IdentityProvider::key()), &c, [66; 32])),
        ),
        ("an access token", Box::new(move |h, c, s| signed(&with(&h, "typ", json!("at+jwt")), &c, s))),
        ("a logout token", Box::new(move |h, c, s| signed(&with(&h, "typ", json!("logout+jwt")), &c, s))),
        ("a critical extension", Box::new(move |h, c, s| signed(&with(&h, "crit", json!(["x"])), &c, s))),
        ("a token in a token", Box::new(move |h, c, s| signed(&with(&h, "cty", json!("JWT")), &c, s))),
        (
            "a changed claim",
            Box::new(move |h, c, s| {
                let token = signed(&h, &c, s);
                let signature = token.rsplit('.').next().unwrap().to_owned();
                format!("{}.{}.{signature}", part(&h), part(&with(&c, "sub", json!("somebody else"))))
            }),
        ),
        ("no token", Box::new(|_, _, _| String::new())),
        ("megabytes", Box::new(|_, _, _| "x".repeat(100_000))),
    ];
    for (name, forgery) in forgeries {
        at.forge(forgery);
        let refused = sign_in(&at, &by, None).await.unwrap_err();
        assert!(matches!(refused, Error::Untrusted(_)), "{name}: {refused}");
    }
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_not_redeemed() {
    let at = IdentityProvider::start();
    for iss in ["https://attacker.example", "", &format!("{}/", at.issuer())] {
        let refused = sign_in(&at, &plain(&at), Some(iss)).await;
        assert_eq!(refused, Err(Error::Untrusted("the answer is of another issuer")), "{iss}");
    }
    at.describe(&json!({ "authorization_response_iss_parameter_supported": true }));
    assert!(sign_in(&at, &plain(&at), Some(at.issuer())).await.is_ok());
    assert!(sign_in(&at, &plain(&at), None).await.is_err(), "it promises to name itself");
}

#[tokio::test]
async fn the_code_of_one_provider_is_nothing_at_another_and_neither_is_its_token() {
    let (honest, evil) = (IdentityProvider::start(), IdentityProvider::start());
    let (at_honest, at_evil) = (plain(&honest), plain(&evil));
    let attempt = Attempt::new();
    let (code, _) = honest.sign_in(&at_honest.authorization_url(&attempt).await.unwrap(), &person());
    assert_eq!(at_evil.redeem(&code, None, &attempt).await, Err(Error::Refused));
    // The evil one signs with the same key and says that it is the honest one.
    evil.claim(json!({ "iss": honest.issuer() }));
    let attempt = Attempt::new();
    let (code, _) = evil.sign_in(&at_evil.authorization_url(&attempt).await.unwrap(), &person());
    assert_eq!(at_evil.redeem(&code, None, &attempt).await, Err(Error::Untrusted("it is of another issuer")));
}

#[tokio::test]
async fn a_discovery_document_must_be_of_the_issuer_offer_pkce_and_name_safe_addresses() {
    for change in [
        json!({ "issuer": "https://accounts.google.com" }),
        json!({ "code_challenge_methods_supported": ["plain"] }),
        json!({ "token_endpoint": "http://attacker.example/token" }),
        json!({ "jwks_uri": "file:///etc/passwd" }),
        json!({ "authorization_endpoint": "javascript:alert(1)" }),
    ] {
        let at = IdentityProvider::start();
        at.describe(&change);
        let refused = plain(&at).authorization_url(&Attempt::new()).await.unwrap_err();
        assert!(matches!(refused, Error::Metadata(_)), "{change}: {refused}");
    }
    let at = IdentityProvider::start();
    at.describe(&json!({ "jwks_uri": null }));
    assert_eq!(plain(&at).authorization_url(&Attempt::new()).await, Err(Error::Unreadable));
    let gone = plain(&at);
    drop(at);
    assert_eq!(gone.authorization_url(&Attempt::new()).await, Err(Error::Unreachable));
}

#[tokio::test]
async fn a_new_key_is_asked_for_and_unknown_key_ids_ask_no_more_than_once() {
    let at = IdentityProvider::start();
    let by = plain(&at);
    for _ in 0..3 {
        sign_in(&at, &by, None).await.unwrap();
    }
    assert_eq!(at.keys_asked(), 1, "kept");
    at.forge(|mut header, claims, seed| {
        header["kid"] = json!("key-2");
        signed(&header, &claims, seed)
    });
    for _ in 0..5 {
        sign_in(&at, &by, None).await.unwrap_err();
    }
    assert_eq!(at.keys_asked(), 1, "asked for a moment ago");
    let mut key = IdentityProvider::key();
    key["kid"] = json!("key-2");
    at.publish(json!({ "keys": [IdentityProvider::key(), key] }));
    assert!(sign_in(&at, &plain(&at), None).await.is_ok(), "whoever asks now finds it");
}

#[tokio::test]
async fn a_key_signs_only_what_it_is_for() {
    let at = IdentityProvider::start();
    for change in [
        json!({ "use": "enc" }),
        json!({ "alg": "RS256" }),
        json!({ "alg": "HS256" }),
        json!({ "kty": "oct", "k": "c2VjcmV0" }),
        json!({ "issuer": "https://another.example" }),
    ] {
        let mut key = IdentityProvider::key();
        key.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        at.publish(json!({ "keys": [key, { "kty": "unheard of" }] }));
        let refused = sign_in(&at, &plain(&at), None).await.unwrap_err();
        assert!(matches!(refused, Error::Untrusted(_)), "{change}: {refused}");
    }
    at.publish(json!({ "keys": [IdentityProvider::key(), IdentityProvider::key()] }));
    assert!(sign_in(&at, &plain(&at), None).await.is_err(), "two keys of one id");
}

#[tokio::test]
async fn rsa_and_elliptic_keys_are_read_too() {
    let at = IdentityProvider::start();
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let public: PublicKeyComponents<Vec<u8>> = pair.public_key().into();
    let key = json!({
        "kty": "RSA", "kid": "key-1", "n": URL_SAFE_NO_PAD.encode(&public.n), "e": URL_SAFE_NO_PAD.encode(&public.e),
    });
    at.publish(json!({ "keys": [key] }));
    let der = pair.as_der().unwrap().as_ref().to_vec();
    at.forge(move |_, claims, _| {
        let header = Header { kid: Some("key-1".into()), ..Header::new(Algorithm::RS256) };
        encode(&header, &claims, &EncodingKey::from_rsa_der(&pkcs1(&der))).unwrap()
    });
    assert!(sign_in(&at, &plain(&at), None).await.is_ok(), "RS256");

    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = pair.public_key().as_ref().to_vec();
    let key = json!({
        "kty": "EC", "crv": "P-256", "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
    });
    at.publish(json!({ "keys": [key] }));
    let der = pair.to_pkcs8v1().unwrap().as_ref().to_vec();
    at.forge(move |_, claims, _| {
        encode(&Header::new(Algorithm::ES256), &claims, &EncodingKey::from_ec_der(&der)).unwrap()
    });
    assert!(sign_in(&at, &plain(&at), None).await.is_ok(), "ES256, the only key, which has no id");
}

/// The RSA key inside its PKCS #8 envelope, whose header has 26 bytes for 2048 bits.
fn pkcs1(pkcs8: &[u8]) -> Vec<u8> {
    pkcs8[26..].to_vec()
}

#[tokio::test]
async fn an_address_is_verified_when_the_provider_says_so_or_the_installation_trusts_it() {
    let at = IdentityProvider::start();
    let trusting = json!({ "trusts_email": true });
    for (claims, changes, verified) in [
        (json!({ "email_verified": true }), json!({}), true),
        (json!({ "email_verified": "true" }), json!({}), true),
        (json!({ "email_verified": false }), json!({}), false),
        (json!({ "email_verified": false }), trusting.clone(), false),
        (json!({ "email_verified": null }), json!({}), false),
        (json!({ "email_verified": null }), trusting.clone(), true),
        (json!({ "email": null }), trusting, false),
    ] {
        at.claim(claims.clone());
        let identity = sign_in(&at, &provider(&at, &changes), None).await.unwrap();
        assert_eq!(identity.email_is_verified, verified, "{claims} {changes}");
    }
}

#[tokio::test]
async fn microsofts_placeholder_stands_for_the_directory_of_the_token() {
    const OURS: &str = "11111111-1111-4111-8111-111111111111";
    const THEIRS: &str = "22222222-2222-4222-8222-222222222222";
    let at = IdentityProvider::start();
    let issuer = |tenant: &str| format!("{}/{tenant}/v2.0", at.issuer());
    let placeholder = issuer("{tenantid}");
    at.describe(&json!({ "issuer": placeholder }));
    let discovery = format!("{}/.well-known/openid-configuration", at.issuer());
    let any = json!({ "issuer": placeholder, "discovery": discovery });
    let one = json!({ "issuer": placeholder, "discovery": discovery, "tenants": [OURS] });
    let outcome = async |changes: &Value, tid: &str, iss: String| {
        at.claim(json!({ "tid": tid, "iss": iss }));
        sign_in(&at, &provider(&at, changes), None).await.map(|identity| identity.issuer)
    };
    assert_eq!(outcome(&any, THEIRS, issuer(THEIRS)).await, Ok(issuer(THEIRS)));
    assert_eq!(outcome(&one, OURS, issuer(OURS)).await, Ok(issuer(OURS)));
    assert!(outcome(&one, THEIRS, issuer(THEIRS)).await.is_err(), "not welcome");
    assert!(outcome(&one, OURS, issuer(THEIRS)).await.is_err(), "says two things");
    assert!(outcome(&any, "x", issuer("x")).await.is_err(), "no directory");
    assert!(outcome(&any, "{tenantid}", placeholder.clone()).await.is_err(), "the placeholder itself");
    let mut key = IdentityProvider::key();
    key["issuer"] = json!(issuer(OURS));
    at.publish(json!({ "keys": [key] }));
    assert_eq!(outcome(&any, OURS, issuer(OURS)).await, Ok(issuer(OURS)));
    assert!(outcome(&any, THEIRS, issuer(THEIRS)).await.is_err(), "the key of another directory");
}
