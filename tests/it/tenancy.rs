//! Another organisation's things do not exist: every route that takes an id, and every list, asked by a stranger.

use e2e::{Account, Stack};

use crate::{
    belongings::Belongings,
    callers::{self, Call},
    matrix::ROWS,
};

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
    "/v1/prices",
    "/v1/fx-rates",
    "/v1/categories",
    "/v1/exports",
    "/v1/reports",
    "/v1/report-schedules",
    "/v1/chat/conversations",
    "/v1/documents",
    "/v1/email-suppressions",
    "/v1/me/identities",
];

/// Routes whose variables are no ids: every organisation has one of these, or makes its own.
const OF_EVERYBODY: &[&str] = &[
    "PUT /v1/retention-rules/{kind}",
    "PUT /v1/email-templates/{type}",
    "POST /v1/email-templates/{type}/preview",
    "PUT /v1/fx-rates/{currency}/{month}",
    "PUT /v1/prices/{ean}/{valid_from}",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_id_is_not_found_by_any_role_on_any_route() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Owner").await.unwrap();
    let stranger = Account::register(&stack, "Stranger").await.unwrap();
    let theirs = Belongings::new(&stack, &owner).await;
    theirs.seen(&owner).await;

    let strangers = callers::users(&stack, &stranger).await;
    let upload = theirs.id("/v1/uploads");
    let mut calls = Vec::new();
    for row in ROWS.iter().filter(|row| row.path.contains('{') && !row.is_for_anybody()) {
        if OF_EVERYBODY.contains(&row.route().as_str()) {
            continue;
        }
        let path = theirs.path(row.path).unwrap_or_else(|| panic!("nobody has what {} is about", row.path));
        for (who, token) in strangers.clone() {
            let (expected, code) =
                if row.answers_to(&who) == 403 { (403, "forbidden") } else { (404, "not_found") };
            let (path, body) = (path.clone(), row.body.replace("{upload}", upload));
            calls.push(Call { method: row.method, path, body, who, token, expected, code: Some(code) });
        }
    }
    let count = calls.len();
    let wrong = callers::differing(&stack, calls).await;
    assert!(wrong.is_empty(), "{} of {count} calls: {wrong:#?}", wrong.len());

    for (seen_at, body) in theirs.seen(&owner).await {
        assert!(!body.to_string().contains(r#""mine""#), "a stranger has changed {seen_at}: {body}");
    }
    assert_eq!(owner.get(&format!("/v1/uploads/{upload}")).await.unwrap().body["status"], "completed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_shows_nothing_of_others() {
    let stack = Stack::from_env().unwrap();
    let owner = Account::register(&stack, "Lists").await.unwrap();
    let stranger = Account::register(&stack, "Listless").await.unwrap();
    let theirs = Belongings::new(&stack, &owner).await;
    for path in LISTS {
        assert!(stranger.all(path).await.unwrap().is_empty(), "{path}");
    }
    assert!(stranger.all("/v1/roles").await.unwrap().iter().all(|role| role["built_in"] == true));
    for path in ["/v1/users", "/v1/sessions"] {
        assert_eq!(stranger.all(path).await.unwrap().len(), 1, "{path} shows the stranger alone");
    }
    let profiles = stranger.all("/v1/vendor-profiles").await.unwrap();
    assert!(profiles.iter().all(|profile| profile["origin"] == "shipped"), "{profiles:?}");

    // Ids that travel elsewhere than in paths.
    let user = theirs.id("/v1/users");
    assert_eq!(stranger.get(&format!("/v1/sessions?user_id={user}")).await.unwrap().status, 404);
    let upload = theirs.id("/v1/uploads");
    let tried = serde_json::json!({ "upload_id": upload });
    let answer = stranger.post("/v1/vendor-profiles/boxnox/test", &tried).await.unwrap();
    assert_eq!(answer.status, 404, "{answer:?}");
    assert!(stranger.all(&format!("/v1/sales?upload_id={upload}")).await.unwrap().is_empty());
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
