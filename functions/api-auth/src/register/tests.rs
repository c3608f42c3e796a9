use serde_json::{Value, json};

use super::*;
use crate::setting::{EMAIL, PASSWORD, Setting, answer_event, registration};

fn changed(field: &str, value: impl Into<Value>) -> Value {
    let mut body = registration(EMAIL);
    body[field] = value.into();
    body
}

#[tokio::test]
async fn a_new_organisation_and_its_owner_get_a_session() {
    let setting = Setting::new().await;
    let response = setting.register(&changed("full_name", " Marta Kowalska ")).await;
    assert_eq!((response.status, response.header("cache-control")), (201, Some("no-store")));
    insta::assert_json_snapshot!(response.json(), {
        ".access_token" => "[jwt]",
        ".refresh_token" => "[refresh token]",
        ".user.id" => "[uuid]",
        ".organization.id" => "[uuid]",
    });
    let stored: (String, Option<String>, bool) = sqlx::query_as(
        "SELECT email, full_name, password_hash LIKE '$argon2id$v=19$m=19456,t=2,p=1$%' FROM users",
    )
    .fetch_one(setting.database.admin())
    .await
    .unwrap();
    assert_eq!(stored, (EMAIL.to_owned(), Some("Marta Kowalska".to_owned()), true));
}

#[tokio::test]
async fn organisations_of_one_name_get_slugs_of_their_own() {
    let setting = Setting::new().await;
    let mut slugs = Vec::new();
    for email in ["a@one.example", "b@two.example", "c@three.example"] {
        let response = setting.register(&registration(email)).await;
        assert_eq!(response.status, 201);
        slugs.push(response.json()["organization"]["slug"].as_str().unwrap().to_owned());
    }
    assert_eq!(slugs[0], "maison-aveline");
    assert!(slugs[1..].iter().all(|slug| slug.starts_with("maison-aveline-")), "{slugs:?}");
    assert_ne!(slugs[1], slugs[2]);
}

#[test]
fn a_slug_is_plain_short_and_never_empty() {
    for (name, expected) in [
        ("Maison Aveline", "maison-aveline"),
        ("  --A & B--  ", "a-b"),
        ("Caf\u{e9} 24/7", "caf-24-7"),
        ("\u{6771}\u{4eac}", "organization"),
        ("../../etc", "etc"),
        (&format!("{} tail", "x".repeat(39)), &"x".repeat(39)),
    ] {
        assert_eq!(slug(name), expected, "{name}");
    }
}

#[tokio::test]
async fn an_address_is_registered_once_in_whatever_case() {
    let setting = Setting::new().await;
    setting.registered().await;
    for email in [EMAIL, " Owner@AVELINE.example "] {
        let response = setting.register(&registration(email)).await;
        assert_eq!((response.status, &response.json()["code"]), (409, &json!("email_taken")), "{email}");
    }
    // The second organisation went with its owner.
    let organisations: i64 = sqlx::query_scalar("SELECT count(*) FROM organizations")
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(organisations, 1);
}

#[tokio::test]
async fn every_field_at_fault_is_named_at_once() {
    let setting = Setting::new().await;
    let body = json!({ "organization": " ", "email": "nobody", "password": "short", "full_name": "a\u{0}b" });
    let response = setting.register(&body).await;
    assert_eq!(response.status, 422);
    insta::assert_json_snapshot!(response.json()["fields"]);
}

#[tokio::test]
async fn a_field_that_cannot_be_used_is_named() {
    let setting = Setting::new().await;
    let cases = [
        ("organization", json!("x".repeat(201)), "invalid"),
        ("organization", json!("a\nb"), "invalid"),
        ("organization", json!(7), "invalid"),
        ("email", json!("a@b"), "invalid"),
        ("email", json!("a@b@c.example"), "invalid"),
        ("email", json!("@b.example"), "invalid"),
        ("email", json!("a@b..example"), "invalid"),
        ("email", json!("a b@c.example"), "invalid"),
        ("email", json!("a@c.example\r\nBcc: x@y.example"), "invalid"),
        ("email", json!(format!("{}@c.example", "a".repeat(250))), "invalid"),
        ("full_name", json!("x".repeat(201)), "invalid"),
        ("password", json!("eleven-char"), "too_short"),
        ("password", json!("Password1234"), "too_common"),
        ("password", json!("x".repeat(12)), "too_common"),
        ("password", json!(EMAIL), "too_common"),
        ("password", json!("aB3$xYz9".repeat(129)), "too_long"),
        ("role", json!("owner"), "unknown"),
    ];
    for (field, value, code) in cases {
        let response = setting.register(&changed(field, value.clone())).await;
        let fields = &response.json()["fields"];
        let told = (response.status, &fields[0]["pointer"], &fields[0]["code"]);
        assert_eq!(told, (422, &json!(format!("/{field}")), &json!(code)), "{field}: {value}");
    }
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(setting.database.admin()).await.unwrap();
    assert_eq!(rows, 0);
}

#[tokio::test]
async fn a_password_is_taken_as_typed_with_its_blanks() {
    let setting = Setting::new().await;
    let padded = format!("  {PASSWORD} ");
    assert_eq!(setting.register(&changed("password", padded.as_str())).await.status, 201);
    assert_eq!(setting.login(EMAIL, &padded).await.status, 200);
    assert_eq!(setting.login(EMAIL, PASSWORD).await.status, 401);
}

#[tokio::test]
async fn the_example_event_registers() {
    let setting = Setting::new().await;
    let response = answer_event(&setting.registering, handle, "auth-register/register").await;
    assert_eq!((response.status, &response.json()["user"]["email"]), (201, &json!(EMAIL)));
}
