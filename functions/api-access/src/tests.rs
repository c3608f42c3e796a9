//! An organisation, and a client of the routes.

use std::future::Future;

use edge::{
    ApiError, Permission, Principal,
    http::{Reply, Request, RequestBuilder, Response, answer},
};
use serde_json::{Value, json};
use testkit::{Seeded, TestDatabase, event};

use crate::{Context, keys, organization, policies, retention_rules, roles};

struct Setting {
    database: TestDatabase,
    seeded: Seeded,
    owner: Principal,
    ctx: Context,
}

impl Setting {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let seeded = database.seed("aveline").await;
        let (owner, ctx) = (seeded.principal(), Context { database: database.app().clone() });
        Self { database, seeded, owner, ctx }
    }

    async fn user(&self, role: &str) -> Principal {
        self.database.principal(self.seeded.org, role).await
    }

    async fn send<'a, H, F>(&'a self, handle: H, request: RequestBuilder) -> Response
    where
        H: FnOnce(&'a Context, Request) -> F,
        F: Future<Output = Result<Reply, ApiError>>,
    {
        answer(&self.ctx, handle, request.build()).await
    }

    async fn make_role(&self, by: &Principal, body: &Value) -> Response {
        self.send(roles::create::handle, post(by, body)).await
    }

    async fn change_role(&self, by: &Principal, name: &str, tag: &str, body: &Value) -> Response {
        let request = post(by, body).path("name", name).header("if-match", tag);
        self.send(roles::update::handle, request).await
    }

    async fn make_policy(&self, by: &Principal, body: &Value) -> Response {
        self.send(policies::create::handle, post(by, body)).await
    }

    async fn make_key(&self, by: &Principal, body: &Value) -> Response {
        self.send(keys::create::handle, post(by, body)).await
    }

    /// What this caller may now, as `service.rights` says.
    async fn rights(&self, caller: &Principal) -> Vec<String> {
        data::users::rights(&mut self.database.app().tenant(caller).await.unwrap()).await.unwrap()
    }

    /// What a key may now, as the authorizer would learn; `None`: it is no (living) key.
    async fn rights_of_key(&self, key: &Value) -> Option<Vec<String>> {
        let text = data::api_keys::KeyText::read(key.as_str().unwrap()).unwrap();
        let mut service = self.database.app().service().await.unwrap();
        let known = data::api_keys::find(&mut service, text.prefix()).await.unwrap().unwrap();
        assert_eq!(known.secret_hash, text.hash());
        known.permissions
    }
}

fn post(by: &Principal, body: &Value) -> RequestBuilder {
    RequestBuilder::new("POST", "/v1/x").principal(by).json(body)
}

fn pointers(response: &Response) -> Vec<String> {
    assert_eq!(response.status, 422, "{}", response.json());
    let fields = response.json()["fields"].clone();
    fields.as_array().unwrap().iter().map(|field| field["pointer"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_words_of_the_database_and_of_the_edge_are_the_same() {
    let setting = Setting::new().await;
    let stored: Vec<String> = sqlx::query_scalar("SELECT name FROM wall.permissions ORDER BY 1")
        .fetch_all(setting.database.admin())
        .await
        .unwrap();
    let mut known: Vec<&str> = Permission::ALL.iter().map(|permission| permission.as_str()).collect();
    known.sort_unstable();
    assert_eq!(stored, known);
}

#[tokio::test]
async fn a_role_is_made_changed_for_everybody_at_once_and_removed_when_nobody_has_it() {
    let setting = Setting::new().await;
    let owner = &setting.owner;
    let body = json!({ "name": "auditor", "permissions": ["sales:read", "audit:read", "sales:read"] });
    let made = setting.make_role(owner, &body).await;
    assert_eq!((made.status, &made.json()["permissions"]), (201, &json!(["audit:read", "sales:read"])));
    assert_eq!(setting.make_role(owner, &body).await.json()["code"], "role_exists");
    let ana = setting.user("auditor").await;
    let less = json!({ "permissions": ["audit:read"] });
    assert_eq!(setting.change_role(owner, "auditor", "\"9\"", &less).await.status, 412);
    let changed = setting.change_role(owner, "auditor", "\"1\"", &less).await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    assert_eq!(setting.rights(&ana).await, ["audit:read"]);
    let remove = async || {
        let request = RequestBuilder::new("DELETE", "/v1/x").principal(owner).path("name", "auditor");
        setting.send(roles::delete::handle, request).await
    };
    assert_eq!(remove().await.json()["code"], "role_in_use");
    sqlx::query("DELETE FROM users WHERE role = 'auditor'").execute(setting.database.admin()).await.unwrap();
    assert_eq!(remove().await.status, 204);
    assert_eq!(remove().await.status, 404);
    let request = RequestBuilder::new("GET", "/v1/roles").principal(owner);
    insta::assert_json_snapshot!(setting.send(roles::list::handle, request).await.json());
}

#[tokio::test]
async fn roles_at_fault_and_the_owners_role_are_refused() {
    let setting = Setting::new().await;
    let owner = &setting.owner;
    let role = |name: &str, words: Value| json!({ "name": name, "permissions": words });
    assert_eq!(
        pointers(&setting.make_role(owner, &role("Über", json!(["x"]))).await),
        ["/name", "/permissions/0"]
    );
    let clerk = json!({ "name": "clerk", "permissions": ["roles:manage", "sales:read"] });
    assert_eq!(setting.make_role(owner, &clerk).await.status, 201);
    let clerk = setting.user("clerk").await;
    assert_eq!(
        pointers(&setting.make_role(&clerk, &role("boss", json!(["uploads:write"]))).await),
        ["/permissions/0"]
    );
    assert_eq!(setting.make_role(&clerk, &role("mate", json!(["sales:read"]))).await.status, 201);
    let fixed = setting.change_role(owner, "owner", "\"1\"", &json!({ "permissions": [] })).await;
    assert_eq!((fixed.status, &fixed.json()["code"]), (409, &json!("owner_role_fixed")));
    let viewer = setting.user("viewer").await;
    assert_eq!(setting.make_role(&viewer, &role("any", json!([]))).await.status, 403);
    assert_eq!(setting.make_policy(&viewer, &json!({})).await.status, 403);
    assert_eq!(setting.make_key(&viewer, &json!({})).await.status, 403);
}

#[tokio::test]
async fn a_policy_gives_takes_and_limits_from_the_next_statement_on() {
    let setting = Setting::new().await;
    let (owner, ana) = (&setting.owner, setting.user("analyst").await);
    let subject = json!({ "user_id": ana.user_id });
    let rule =
        json!({ "name": "no costs", "subject": subject, "effect": "deny", "permission": "costs:read" });
    let made = setting.make_policy(owner, &rule).await;
    assert_eq!(made.status, 201, "{}", made.json());
    assert!(!setting.rights(&ana).await.contains(&"costs:read".to_owned()));
    let rows = json!({ "name": "Poland", "subject": subject, "rows": { "countries": ["PL"] } });
    let id = made.json()["id"].clone();
    let change = post(owner, &rows).path("id", id.as_str().unwrap()).header("if-match", "\"1\"");
    let changed = setting.send(policies::update::handle, change).await;
    assert_eq!((changed.status, &changed.json()["rows"]["countries"]), (200, &json!(["PL"])));
    let rights = setting.rights(&ana).await;
    assert!(
        rights.contains(&"costs:read".to_owned()) && !rights.iter().any(|right| right.ends_with(":write"))
    );
    let listed = setting
        .send(policies::list::handle, RequestBuilder::new("GET", "/v1/x").principal(owner))
        .await
        .json();
    insta::assert_json_snapshot!(listed, {
        ".data[].id" => "[uuid]", ".data[].subject.user_id" => "[uuid]", ".data[].created_at" => "[time]"
    });
    let remove = RequestBuilder::new("DELETE", "/v1/x").principal(owner).path("id", id.as_str().unwrap());
    assert_eq!(setting.send(policies::delete::handle, remove).await.status, 204);
    assert!(setting.rights(&ana).await.contains(&"uploads:write".to_owned()));
}

#[tokio::test]
async fn policies_at_fault_name_the_field() {
    let setting = Setting::new().await;
    let rival = setting.database.seed("rival").await;
    let foreign = json!({ "user_id": rival.owner });
    let viewer = json!({ "role": "viewer" });
    for (rule, pointer) in [
        (json!({ "name": "", "subject": viewer, "rows": { "vendors": ["x"] } }), "/name"),
        (
            json!({ "name": "x", "subject": { "role": "owner" }, "rows": { "vendors": ["x"] } }),
            "/subject/role",
        ),
        (json!({ "name": "x", "subject": { "role": "nobody" }, "rows": { "vendors": ["x"] } }), "/subject"),
        (json!({ "name": "x", "subject": foreign, "rows": { "vendors": ["x"] } }), "/subject"),
        (json!({ "name": "x", "subject": viewer }), "/permission"),
        (json!({ "name": "x", "subject": viewer, "effect": "allow", "permission": "all" }), "/permission"),
        (json!({ "name": "x", "subject": viewer, "permission": "sales:read" }), "/permission"),
        (json!({ "name": "x", "subject": viewer, "rows": {} }), "/rows"),
        (json!({ "name": "x", "subject": viewer, "rows": { "stores": [] } }), "/rows/stores"),
        (json!({ "name": "x", "subject": viewer, "rows": { "stores": ["\u{0}"] } }), "/rows/stores"),
    ] {
        assert_eq!(pointers(&setting.make_policy(&setting.owner, &rule).await), [pointer], "{rule}");
    }
}

#[tokio::test]
async fn a_key_is_shown_once_and_may_what_its_scopes_say_until_it_ends() {
    let setting = Setting::new().await;
    let owner = &setting.owner;
    let body = json!({ "name": "Nightly", "scopes": ["uploads:write", "uploads:read"] });
    let made = setting.make_key(owner, &body).await.json();
    assert_eq!(setting.rights_of_key(&made["key"]).await.unwrap(), ["uploads:read", "uploads:write"]);
    let listed = setting.send(keys::list::handle, RequestBuilder::new("GET", "/v1/x").principal(owner)).await;
    assert!(!listed.json().to_string().contains(made["key"].as_str().unwrap()));
    assert_eq!(listed.json()["data"][0]["prefix"], made["prefix"]);
    let kept: Vec<String> = sqlx::query_scalar("SELECT api_keys::text FROM api_keys")
        .fetch_all(setting.database.admin())
        .await
        .unwrap();
    assert!(!kept[0].contains(made["key"].as_str().unwrap().rsplit('_').next().unwrap()));

    let of_key = |body: Value| post(owner, &body).path("id", made["id"].as_str().unwrap());
    let rotated = setting.send(keys::rotate::handle, of_key(json!({ "overlap_hours": 1 }))).await;
    assert_eq!(rotated.status, 201, "{}", rotated.json());
    let rotated = rotated.json();
    for key in [&made["key"], &rotated["key"]] {
        assert!(setting.rights_of_key(key).await.is_some(), "both work for an hour");
    }
    assert_eq!(setting.send(keys::rotate::handle, of_key(json!({}))).await.json()["code"], "key_ended");
    let revoke =
        RequestBuilder::new("DELETE", "/v1/x").principal(owner).path("id", rotated["id"].as_str().unwrap());
    assert_eq!(setting.send(keys::revoke::handle, revoke).await.status, 204);
    assert_eq!(setting.rights_of_key(&rotated["key"]).await, None);
    sqlx::query("UPDATE api_keys SET expires_at = now()").execute(setting.database.admin()).await.unwrap();
    assert_eq!(setting.rights_of_key(&made["key"]).await, None);
}

#[tokio::test]
async fn a_key_has_no_right_that_its_maker_lacks_and_a_twin_is_not_told_it_again() {
    let setting = Setting::new().await;
    let owner = &setting.owner;
    let clerk = json!({ "name": "clerk", "permissions": ["keys:manage", "sales:read"] });
    assert_eq!(setting.make_role(owner, &clerk).await.status, 201);
    let clerk = setting.user("clerk").await;
    let key = |scopes: Value| json!({ "name": "k", "scopes": scopes });
    assert_eq!(
        pointers(&setting.make_key(&clerk, &key(json!(["sales:read", "uploads:write"]))).await),
        ["/scopes/1"]
    );
    assert_eq!(pointers(&setting.make_key(&clerk, &key(json!([]))).await), ["/scopes"]);
    let long = json!({ "name": "k", "scopes": ["sales:read"], "expires_in_days": 5_000 });
    assert_eq!(pointers(&setting.make_key(&clerk, &long).await), ["/expires_in_days"]);
    let twin = || post(owner, &key(json!(["sales:read"]))).header("idempotency-key", "k1");
    assert_eq!(setting.send(keys::create::handle, twin()).await.status, 201);
    assert_eq!(setting.send(keys::create::handle, twin()).await.json()["code"], "key_shown_already");
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM api_keys")
        .fetch_one(setting.database.admin())
        .await
        .unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn the_example_events_are_answered() {
    let setting = Setting::new().await;
    let as_owner = |name: &str| {
        let mut event = event(name);
        let caller = &mut event["requestContext"]["authorizer"]["lambda"];
        caller["org_id"] = setting.seeded.org.to_string().into();
        caller["user_id"] = setting.seeded.owner.to_string().into();
        Request::from_event(&event.to_string()).unwrap()
    };
    macro_rules! status {
        ($handle:expr, $name:literal) => {
            answer(&setting.ctx, $handle, as_owner($name)).await.status
        };
    }
    assert_eq!(status!(roles::create::handle, "roles-create/a-role"), 201);
    assert_eq!(status!(roles::update::handle, "roles-update/less"), 200);
    assert_eq!(status!(roles::list::handle, "roles-list/all"), 200);
    assert_eq!(status!(roles::delete::handle, "roles-delete/auditor"), 204);
    assert_eq!(status!(policies::create::handle, "policies-create/limit"), 201);
    assert_eq!(status!(policies::list::handle, "policies-list/first-page"), 200);
    assert_eq!(status!(policies::update::handle, "policies-update/deny"), 404);
    assert_eq!(status!(policies::delete::handle, "policies-delete/by-id"), 404);
    assert_eq!(status!(keys::create::handle, "api-keys-create/uploader"), 201);
    assert_eq!(status!(keys::list::handle, "api-keys-list/first-page"), 200);
    assert_eq!(status!(keys::rotate::handle, "api-keys-rotate/an-hour"), 404);
    assert_eq!(status!(keys::revoke::handle, "api-keys-revoke/by-id"), 404);
}

#[tokio::test]
async fn things_are_kept_as_long_as_an_organisation_says_within_bounds() {
    let setting = Setting::new().await;
    let list = async |by: &Principal| {
        setting
            .send(
                retention_rules::list::handle,
                RequestBuilder::new("GET", "/v1/retention-rules").principal(by),
            )
            .await
    };
    let put = async |by: &Principal, kind: &str, body: Value| {
        let request = RequestBuilder::new("PUT", &format!("/v1/retention-rules/{kind}")).principal(by);
        setting.send(retention_rules::update::handle, request.path("kind", kind).json(&body)).await
    };
    let sessions = |listed: &Response| {
        let rules = listed.json()["data"].as_array().unwrap().clone();
        assert!(rules.len() > 5, "{rules:?}");
        rules.into_iter().find(|rule| rule["kind"] == "sessions").unwrap()
    };
    assert_eq!(sessions(&list(&setting.owner).await)["days"], 90);
    let changed = put(&setting.owner, "sessions", json!({ "days": 30 })).await;
    assert_eq!((changed.status, &changed.json()["days"]), (200, &json!(30)));
    let rule = sessions(&list(&setting.owner).await);
    assert_eq!(
        (&rule["days"], &rule["default_days"], &rule["most_days"]),
        (&json!(30), &json!(90), &json!(400))
    );
    for days in [0, -1, 401] {
        let refused = put(&setting.owner, "sessions", json!({ "days": days })).await;
        assert_eq!(
            (refused.status, &refused.json()["fields"][0]["code"]),
            (422, &json!("out_of_bounds")),
            "{days}"
        );
    }
    assert_eq!(put(&setting.owner, "books", json!({ "days": 30 })).await.status, 404);
    let viewer = setting.user("viewer").await;
    assert_eq!(list(&viewer).await.status, 403);
    assert_eq!(put(&viewer, "sessions", json!({ "days": 30 })).await.status, 403);
    let other = setting.database.seed("boxwood").await.principal();
    assert_eq!(sessions(&list(&other).await)["days"], 90, "of another organisation");
}

#[tokio::test]
async fn the_settings_of_an_organisation_are_changed_by_those_who_run_it() {
    let setting = Setting::new().await;
    let viewer = setting.user("viewer").await;
    let shown = setting
        .send(organization::get::handle, RequestBuilder::new("GET", "/v1/organization").principal(&viewer))
        .await;
    assert_eq!((shown.status, shown.header("etag")), (200, Some("\"1\"")));
    assert_eq!((&shown.json()["time_zone"], &shown.json()["fiscal_year_begins"]), (&json!("UTC"), &json!(1)));
    let change = async |by: &Principal, tag: &str, body: Value| {
        let request = RequestBuilder::new("PATCH", "/v1/organization")
            .principal(by)
            .header("if-match", tag)
            .json(&body);
        setting.send(organization::update::handle, request).await
    };
    let body = json!({"time_zone": "America/New_York", "fiscal_year_begins": 4});
    assert_eq!(change(&viewer, "\"1\"", body.clone()).await.status, 403);
    let changed = change(&setting.owner, "\"1\"", body.clone()).await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    assert_eq!(change(&setting.owner, "\"1\"", body).await.status, 412);
    for (body, pointer) in [
        (json!({"time_zone": "Mars/Base"}), "/time_zone"),
        (json!({"time_zone": "CET+3"}), "/time_zone"),
        (json!({"fiscal_year_begins": 13}), "/fiscal_year_begins"),
        (json!({"name": ""}), "/name"),
        (json!({"slug": "other"}), "/slug"),
    ] {
        let refused = change(&setting.owner, "\"2\"", body.clone()).await;
        assert_eq!(
            (refused.status, &refused.json()["fields"][0]["pointer"]),
            (422, &json!(pointer)),
            "{body}"
        );
    }
    let shown = setting
        .send(organization::get::handle, RequestBuilder::new("GET", "/v1/organization").principal(&viewer))
        .await;
    assert_eq!(shown.json()["time_zone"], "America/New_York");
}

/// The head of a PNG of so many pixels a side.
fn png(side: u32) -> String {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(side.to_be_bytes());
    bytes.extend(side.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

#[tokio::test]
async fn an_organisation_says_how_its_reports_look() {
    let setting = Setting::new().await;
    let change = async |version: i32, body: Value| {
        let request = RequestBuilder::new("PATCH", "/v1/organization")
            .principal(&setting.owner)
            .header("if-match", &format!("\"{version}\""))
            .json(&body);
        setting.send(organization::update::handle, request).await
    };
    let brand = json!({"brand_name": "Aveline", "brand_colour": "#a1b2c3", "brand_logo": png(400)});
    let changed = change(1, brand).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    let shown = |response: Value| {
        (response["brand_name"].clone(), response["brand_colour"].clone(), response["has_logo"].clone())
    };
    assert_eq!(shown(changed.json()), (json!("Aveline"), json!("#A1B2C3"), json!(true)));
    let kept = change(2, json!({"name": "Aveline SAS"})).await;
    assert_eq!(
        shown(kept.json()),
        (json!("Aveline"), json!("#A1B2C3"), json!(true)),
        "what is not said stays"
    );
    let gone = change(3, json!({"brand_name": null, "brand_logo": null})).await;
    assert_eq!(shown(gone.json()), (Value::Null, json!("#A1B2C3"), json!(false)));
    for (body, pointer) in [
        (json!({"brand_logo": "no base64"}), "/brand_logo"),
        (json!({"brand_logo": "PHN2Zz48L3N2Zz4="}), "/brand_logo"),
        (json!({"brand_logo": png(20_000)}), "/brand_logo"),
        (json!({"brand_colour": "red"}), "/brand_colour"),
        (json!({"brand_name": "a\r\nb"}), "/brand_name"),
    ] {
        let refused = change(4, body.clone()).await;
        assert_eq!(
            (refused.status, &refused.json()["fields"][0]["pointer"]),
            (422, &json!(pointer)),
            "{body}"
        );
    }
}
