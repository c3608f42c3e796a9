use std::collections::BTreeMap;

use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use chrono::{DateTime, Utc};
use domain::{OrgId, UserId};
use edge::tokens::{Claims, LIFETIME_S, Subject, key_id, verify};

use super::*;
use crate::setting::{KID, SEED, public_key, token};

fn signer() -> Signer {
    Signer::new(&TokenSecret { kid: KID.into(), ed25519_seed: STANDARD.encode(SEED), mfa_key: String::new() })
        .unwrap()
}

fn claims(now: DateTime<Utc>) -> Claims {
    let subject = Subject {
        org: OrgId::new(),
        user: UserId::new(),
        session: SessionId::new(),
        role: "analyst".to_owned(),
        version: 3,
    };
    Claims::new(subject, now)
}

#[test]
fn a_token_reads_back_with_the_public_key_and_with_no_other() {
    let claims = claims(Utc::now());
    let token = signer().sign(Kind::Access, &claims).unwrap();
    assert_eq!(key_id(Kind::Access, &token).as_deref(), Some(KID));
    assert_eq!(verify(Kind::Access, &token, &public_key()), Some(claims));
    let other = ed25519_dalek::SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    assert_eq!(verify::<Claims>(Kind::Access, &token, &other), None);
}

#[test]
fn our_signature_is_plain_ed25519() {
    let claims = claims(Utc::now());
    let header = json!({ "typ": "at+jwt", "alg": "EdDSA", "kid": KID });
    assert_eq!(verify(Kind::Access, &token(&header, &json!(claims), SEED), &public_key()), Some(claims));
}

#[test]
fn a_token_says_what_the_design_lists_and_nothing_else() {
    let token = signer().sign(Kind::Access, &claims(DateTime::UNIX_EPOCH)).unwrap();
    let read = |part: &str| -> BTreeMap<String, Value> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let parts: Vec<&str> = token.split('.').collect();
    insta::assert_json_snapshot!(json!([read(parts[0]), read(parts[1])]), {
        "[1].sub" => "[uuid]", "[1].org" => "[uuid]", "[1].sid" => "[uuid]",
    });
}

#[test]
fn any_changed_character_breaks_the_token() {
    let token = signer().sign(Kind::Access, &claims(Utc::now())).unwrap();
    for (at, old) in token.char_indices() {
        let new = if old == 'A' { "B" } else { "A" };
        let mut changed = token.clone();
        changed.replace_range(at..=at, new);
        assert_eq!(verify::<Claims>(Kind::Access, &changed, &public_key()), None, "character {at}");
    }
}

#[test]
fn a_token_holds_for_its_lifetime_without_leeway() {
    let issued = |ago: i64| {
        let claims = claims(Utc::now() - chrono::Duration::seconds(ago));
        verify::<Claims>(Kind::Access, &signer().sign(Kind::Access, &claims).unwrap(), &public_key())
            .is_some()
    };
    assert!(issued(0) && issued(LIFETIME_S - 60));
    assert!(!issued(LIFETIME_S + 1), "expired");
    assert!(!issued(-30), "not yet");
}

#[test]
fn a_seed_that_is_no_key_is_refused_without_being_printed() {
    for seed in ["", "not base64", "c2hvcnQ="] {
        let secret = TokenSecret { kid: KID.into(), ed25519_seed: seed.into(), mfa_key: String::new() };
        let error = Signer::new(&secret).err().unwrap().to_string();
        assert!(seed.is_empty() || !error.contains(seed), "{error}");
    }
}

#[test]
fn a_token_of_one_kind_is_nothing_where_another_is_asked_for() {
    let claims = claims(Utc::now());
    for (signed, asked) in [(Kind::Access, Kind::Challenge), (Kind::Challenge, Kind::Access)] {
        let token = signer().sign(signed, &claims).unwrap();
        assert_eq!((key_id(signed, &token).as_deref(), key_id(asked, &token)), (Some(KID), None));
        // Even under the other header the audience tells.
        let as_challenge = verify::<Claims>(Kind::Challenge, &token, &public_key());
        assert_eq!(as_challenge, None);
    }
}
