use data::signing_keys;
use edge::http::Response;
use serde_json::json;

use crate::setting::{EMAIL, KID, PASSWORD, Setting, answer_event, public_key, signing_with};

use super::*;

async fn published(setting: &Setting) -> Response {
    answer_event(&setting.lookups, handle, "auth-jwks/jwks").await
}

#[tokio::test]
async fn the_key_that_signs_is_published_as_a_jwk() {
    let setting = Setting::new().await;
    let response = published(&setting).await;
    let key = json!({
        "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": KID,
        "x": URL_SAFE_NO_PAD.encode(public_key()),
    });
    assert_eq!((response.status, response.json()), (200, json!({ "keys": [key] })));
    assert_eq!(response.header("cache-control"), Some("public, max-age=300"));
}

/// A rotation from beginning to end: published, signing, retired.
#[tokio::test]
async fn a_new_key_signs_without_logging_anybody_out() {
    let setting = Setting::new().await;
    let before = setting.registered().await;
    let new = signing_with("2026-12", [9; 32]);
    let mut admin = setting.database.admin().acquire().await.unwrap();
    signing_keys::publish(&mut admin, "2026-12", &new.public_key).await.unwrap();
    let kids: Vec<_> = published(&setting).await.json()["keys"].as_array().unwrap().clone();
    assert_eq!(kids.iter().map(|key| &key["kid"]).collect::<Vec<_>>(), [KID, "2026-12"]);

    let sessions = new.context(setting.database.app().clone());
    let after = setting.login_at(&sessions, EMAIL, PASSWORD).await.json();
    for session in [&before, &after] {
        assert!(setting.allows(session).await);
    }
    // A session of the old key goes on with the new one.
    let refreshed = setting.refresh_at(&sessions, &before["refresh_token"]).await.json();
    assert!(setting.allows(&refreshed).await);

    signing_keys::retire(&mut admin, &[KID.to_owned()]).await.unwrap();
    assert!(!setting.allows(&before).await);
    assert!(setting.allows(&after).await && setting.allows(&refreshed).await);
    assert_eq!(published(&setting).await.json()["keys"].as_array().unwrap().len(), 1);
}
