//! Another organisation's things do not exist: every route that takes an id, and every list, asked by a stranger.

use e2e::{Account, Stack, samples_of};
use reqwest::Method;

use crate::matrix::{ROWS, Row};

/// Every list, by an organisation that has nothing.
const LISTS: &[&str] = &[
    "/v1/uploads",
    "/v1/sales",
    "/v1/orders",
    "/v1/products",
    "/v1/vendors",
    // Its own registration was mailed to it.
    "/v1/emails?type=upload_completed",
    "/v1/rejects",
    "/v1/known-gaps",
    "/v1/late-files",
    "/v1/alerts",
    "/v1/audit?action=upload_ingested",
    "/v1/policies",
    "/v1/api-keys",
    "/v1/reporting-periods",
    "/v1/catalogue/aliases",
    "/v1/catalogue/unmatched",
    "/v1/catalogue/stores",
    "/v1/catalogue/stores/unmatched",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_id_is_not_found_on_any_route() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Owner").await.unwrap();
    let stranger = Account::register(&stack, "Stranger").await.unwrap();
    let sample = samples_of("boxnox/main/v1").unwrap().remove(0);
    let upload = owner.take(&sample.file_name, &sample.bytes).await.unwrap();
    let id = upload["id"].as_str().unwrap();
    let profile = owner.get("/v1/vendor-profiles/boxnox").await.unwrap().body["profile"].clone();
    let profile = owner.post("/v1/vendor-profiles", &profile).await.unwrap();
    assert_eq!(profile.status, 201, "{profile:?}");

    let (user, session) = (owner.all("/v1/users").await.unwrap(), owner.all("/v1/sessions").await.unwrap());

    let made = async |path: &str, body: serde_json::Value| {
        let made = owner.post(path, &body).await.unwrap();
        assert_eq!(made.status, 201, "{made:?}");
        made.body
    };
    let role =
        made("/v1/roles", serde_json::json!({ "name": "theirs", "permissions": ["sales:read"] })).await;
    let rule =
        serde_json::json!({ "name": "p", "subject": { "role": "theirs" }, "rows": { "vendors": ["x"] } });
    let rule = made("/v1/policies", rule).await;
    let product = made("/v1/products", serde_json::json!({ "ean": "9529843000349", "name": "theirs" })).await;
    let key = made("/v1/api-keys", serde_json::json!({ "name": "k", "scopes": ["sales:read"] })).await;

    for Row { method, path, body, .. } in ROWS.iter().filter(|row| row.path.contains('{')) {
        let of_path = match path.split('/').nth(2) {
            Some("vendor-profiles") => &profile.body["id"],
            Some("users") => &user[0]["id"],
            Some("sessions") => &session[0]["id"],
            Some("roles") => &role["name"],
            Some("policies") => &rule["id"],
            Some("api-keys") => &key["id"],
            Some("products") => &product["ean"],
            Some("vendors") => &upload["vendor"],
            _ => &upload["id"],
        };
        let of_path = of_path.as_str().unwrap();
        let path = ["{id}", "{name}", "{provider}", "{ean}", "{key}", "{kind}"]
            .iter()
            .fold((*path).to_owned(), |path, name| path.replace(name, of_path));
        let method: Method = method.parse().unwrap();
        let body = body.replace("{upload}", id);
        let answer = stranger.send(method.clone(), &path, "application/json", body).await.unwrap();
        assert_eq!(answer.status, 404, "{method} {path}: {answer:?}");
        assert_eq!(answer.body["code"], "not_found", "{method} {path}: {answer:?}");
    }
    for path in LISTS {
        assert!(stranger.all(path).await.unwrap().is_empty(), "{path}");
    }
    assert!(stranger.all("/v1/roles").await.unwrap().iter().all(|role| role["built_in"] == true));
    for path in ["/v1/users", "/v1/sessions"] {
        assert_eq!(stranger.all(path).await.unwrap().len(), 1, "{path} shows the stranger alone");
    }
    let sessions = format!("/v1/sessions?user_id={}", user[0]["id"].as_str().unwrap());
    assert_eq!(stranger.get(&sessions).await.unwrap().status, 404);
    let profiles = stranger.all("/v1/vendor-profiles").await.unwrap();
    assert!(profiles.iter().all(|profile| profile["origin"] == "shipped"), "{profiles:?}");
    let tried = serde_json::json!({ "upload_id": id });
    let answer = stranger.post("/v1/vendor-profiles/boxnox/test", &tried).await.unwrap();
    assert_eq!(answer.status, 404, "{answer:?}");
    assert!(stranger.all(&format!("/v1/sales?upload_id={id}")).await.unwrap().is_empty());
    assert_eq!(owner.get(&format!("/v1/uploads/{id}")).await.unwrap().body["status"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_presigned_url_of_one_organisation_writes_nowhere_else() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Presigned").await.unwrap();
    let answer = owner
        .post("/v1/uploads", &serde_json::json!({ "file_name": "../../other/x.csv", "size_bytes": 3 }))
        .await
        .unwrap();
    let url = answer.body["upload"]["url"].as_str().unwrap();
    let key = url.split('?').next().unwrap().split("/uploads/").nth(1).unwrap();
    assert_eq!(key, format!("{}/{}", owner.org_id, answer.body["id"].as_str().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_nothing_is_said() {
    let stack = Stack::from_env().unwrap();
    let http = reqwest::Client::new();
    for path in LISTS.iter().chain(&["/v1/me", "/v1/uploads/0198f5a0-0000-7000-8000-000000000000"]) {
        let bare = http.get(format!("{}{path}", stack.api)).send().await.unwrap();
        assert_eq!(bare.status(), 401, "{path}");
        let forged = http
            .get(format!("{}{path}", stack.api))
            .bearer_auth("eyJhbGciOiJub25lIn0.e30.")
            .send()
            .await
            .unwrap();
        assert!([401, 403].contains(&forged.status().as_u16()), "{path}: {}", forged.status());
    }
}
